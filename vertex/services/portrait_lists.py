"""Portraits found, filtered and listed."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import contains_eager

from vertex.extensions import db
from vertex.models import Portrait, PortraitStatus, Recognisable, written
from vertex.services import _search
from vertex.services.portraits import Page
from vertex.services.proofs import POOR

_PAGE = 24
_FOUND = 18  # of what is typed, asked for at every key


class Only(StrEnum):
    """Which portraits, by what somebody may have to do about them."""

    UNRECOGNISABLE = "unrecognisable"
    POOR = "poor"
    PROCESSING = "processing"
    NO_VIDEO = "no_video"
    NO_ORDER = "no_order"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which portraits somebody wants to see; None: whatever they are."""

    typed: str = ""
    only: Only | None = None
    binned: bool = False


def search(wish: Wish, *, after: UUID | None = None, limit: int | None = None) -> Page:
    """Return the portraits that are wished for with clients and orders, the newest first."""
    limit = limit or (_FOUND if wish.typed else _PAGE)
    state = Portrait.deleted_at.is_not(None) if wish.binned else Portrait.deleted_at.is_(None)
    query = select(Portrait.id).where(state)
    query = query.outerjoin(Portrait.client).outerjoin(Portrait.order)
    found = _search.portraits_matching(wish.typed)
    if found is not None:
        query = query.where(found)
    if wish.only is not None:
        query = query.where(_is(wish.only))
    if after is not None:
        query = query.where(Portrait.id < after)
    # those alone are read with all that belongs to them
    ids = query.order_by(Portrait.id.desc()).limit(limit + 1).correlate(None)
    first = select(Portrait).outerjoin(Portrait.client).outerjoin(Portrait.order)
    first = first.options(contains_eager(Portrait.client), contains_eager(Portrait.order))
    first = first.where(Portrait.id.in_(ids)).order_by(Portrait.id.desc())
    rows = db.session.scalars(first).all()
    page = rows[:limit]
    return Page(page, page[-1].id if len(rows) > limit else None)


def needs_a_look() -> ColumnElement[bool]:
    """Return the condition that somebody should look at a portrait before it is printed."""
    return or_(*_unrecognisable(), _is(Only.POOR))


def is_to_be_looked_at(portrait: Portrait) -> bool:
    """Tell the same of one portrait."""
    poor = portrait.rating is not None and portrait.rating <= POOR
    failed = portrait.status is PortraitStatus.FAILED
    return poor or failed or portrait.recognisable is Recognisable.NO


def _is(only: Only) -> ColumnElement[bool]:
    if only is Only.UNRECOGNISABLE:
        return or_(*_unrecognisable())
    if only is Only.POOR:
        # this and the last in words, as SQLite finds the indexes of such rows by them
        return Portrait.rating <= bindparam(None, POOR, literal_execute=True)
    if only is Only.PROCESSING:
        return written(Portrait.status, PortraitStatus.PROCESSING)
    if only is Only.NO_ORDER:
        return Portrait.order_id.is_(None)
    return Portrait.video_count == bindparam(None, 0, literal_execute=True)


def _unrecognisable() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        written(Portrait.recognisable, Recognisable.NO),
        written(Portrait.status, PortraitStatus.FAILED),
    )
