"""Clients found, listed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import aliased

from vertex.extensions import db
from vertex.models import Client
from vertex.services import _search

MOST_COUNTED = 5_000  # counting takes the longer the more there are
_PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Some clients of a list; `after` is where the next ones begin, None at the end."""

    clients: Sequence[Client]
    after: UUID | None


def search(
    typed: str = "",
    *,
    binned: bool = False,
    doubled: bool = False,
    after: UUID | None = None,
    limit: int = _PAGE,
) -> Page:
    """Return clients by name, all or those meant by what was typed: name, phone, e-mail, notes.

    `doubled` are those alone whose name somebody else has, too.
    """
    query = select(Client).where(
        Client.deleted_at.is_not(None) if binned else Client.deleted_at.is_(None)
    )
    last = aliased(Client)
    place = None if after is None else select(last.sort_name, last.id).where(last.id == after)
    first = None
    if doubled:
        query = query.where(_search.having_namesakes())
    else:
        first = _search.first_clients(typed, binned=binned, after=place, limit=limit + 1)
    condition = _search.clients_matching(typed)
    if first is not None:
        query = query.where(Client.id.in_(first))
    elif condition is not None:
        query = query.where(condition)
    if place is not None:
        query = query.where(tuple_(Client.sort_name, Client.id) > place.scalar_subquery())
    query = query.order_by(Client.sort_name, Client.id).limit(limit + 1)
    found = db.session.scalars(query).all()
    page = found[:limit]
    return Page(page, page[-1].id if len(found) > limit else None)


def similar(name: str, phone: str, *, limit: int = 5) -> Sequence[Client]:
    """Return clients who may be the one whose name or phone is being typed."""
    found: dict[UUID, Client] = {}
    for typed in (phone, name):
        if len(typed.strip()) >= 3:
            found |= {client.id: client for client in search(typed).clients[:limit]}
    return list(found.values())[:limit]


def count() -> int:
    """Return how many clients there are, to MOST_COUNTED."""
    # phones of the living are in an index of their own, which is read instead of the table
    some = select(Client.phone).where(Client.deleted_at.is_(None)).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
