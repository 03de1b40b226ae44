"""Visits: how far customers come, from the opened page to the end of the video."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, union
from sqlalchemy.exc import IntegrityError

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import NotificationType, Order, Portrait, PublicCode, Visit, VisitHour, utcnow
from vertex.services import notifications, portraits, programmes, public_codes
from vertex.services._transaction import atomic, violates

KEPT = timedelta(days=730)
RECENT = timedelta(days=30)
ENOUGH = 3  # visits with the camera and without a find that are worth a look at the print

_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_WORD = re.compile(r"[a-z-]{1,24}", re.ASCII)
_DEVICES = ("phone", "tablet", "desk")
_LONGEST = 6 * 3600 * 1000  # ms of one visit; what is beyond is nonsense
# programs that look at pages for people: search engines, and messengers that show a preview; these
# begin with the name that the browsers inside the same apps end with, and Cubot makes telephones
_BOTS = re.compile(
    r"^whatsapp/|^viber|(?<!cu)bot\b|crawl|spider|slurp|facebookexternalhit|vkshare|preview"
    r"|^curl/|^wget/|^python",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the visits came; `median_ms` is that of those that found the print.

    Of the last month are `camera_lately` and `found_lately`.
    """

    opened: int = 0
    camera: int = 0
    found: int = 0
    watched: int = 0
    sound: int = 0
    fallback: int = 0
    median_ms: int | None = None
    camera_lately: int = 0
    found_lately: int = 0

    @property
    def nothing_found(self) -> bool:
        """Whether people have looked through their cameras lately and nobody found anything."""
        return self.camera_lately >= ENOUGH and self.found_lately == 0


def is_bot(user_agent: str) -> bool:
    """Whether a program says of itself that it is one."""
    return _BOTS.search(user_agent) is not None


def note(typed_code: str, told: Mapping[str, Any]) -> bool:
    """Note what a page tells of its visit; nonsense is ignored. Whether anything was noted.

    What is told later adds to what was told before, and takes nothing back.
    """
    named = public_codes.find(typed_code)
    token = told.get("visit")
    if named is None or not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return False
    try:
        with atomic():
            visit, is_new = _visit(named, token)
            if visit.code_id != named.id:
                return False
            _add(visit, named, told)
    except IntegrityError as error:
        if not violates(error, "uq_visits_token"):
            raise
        return note(typed_code, told)  # the first two tellings of a page came at once
    if is_new and visit.portrait_id is not None:
        programmes.take_turn(visit.portrait_id)
    _look_at(visit)
    return True


def of_portrait(portrait_id: UUID) -> Funnel:
    """Return how far the visits of a portrait came, those of its album that found it among them."""
    return _funnel(Visit.portrait_id == portrait_id)


def of_order(order_id: UUID) -> Funnel:
    """Return how far the visits of an order came: of its album and of its portraits."""
    return _funnel(Visit.order_id == order_id)


def of_client(client_id: UUID) -> Funnel:
    """Return how far the visits of all that a client has came."""
    pictures = select(Portrait.id).where(Portrait.client_id == client_id)
    albums = select(Order.id).where(Order.client_id == client_id)
    # each by its own index, which one condition with "or" would not use
    of_pictures = select(Visit.id).where(Visit.portrait_id.in_(pictures))
    of_albums = select(Visit.id).where(Visit.order_id.in_(albums))
    return _funnel(Visit.id.in_(union(of_pictures, of_albums)))


def forget_old() -> None:
    """Forget visits of long ago."""
    with atomic():
        db.session.execute(delete(Visit).where(Visit.created_at < utcnow() - KEPT))
        db.session.execute(delete(VisitHour).where(VisitHour.opened == 0))


def _visit(named: PublicCode, token: str) -> tuple[Visit, bool]:
    found = db.session.scalar(select(Visit).where(Visit.token == token).with_for_update())
    if found is not None:
        return found, False
    order_id = named.order_id or (named.portrait.order_id if named.portrait else None)
    visit = Visit(
        token=token, code_id=named.id, portrait_id=named.portrait_id, order_id=order_id,
        camera=False, watched_ms=0, sound=False,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    return visit, True


def _add(visit: Visit, named: PublicCode, told: Mapping[str, Any]) -> None:
    visit.camera = visit.camera or told.get("camera") is True
    visit.sound = visit.sound or told.get("sound") is True
    if visit.found_ms is None:
        visit.found_ms = _milliseconds(told.get("found"))
    visit.watched_ms = max(visit.watched_ms, _milliseconds(told.get("watched")) or 0)
    reason, device = told.get("fallback"), told.get("device")
    if isinstance(reason, str) and _WORD.fullmatch(reason):
        visit.fallback = visit.fallback or reason
    if device in _DEVICES:
        visit.device = str(device)
    if visit.portrait_id is None and visit.found_ms is not None:
        visit.portrait_id = _portrait_of(named, told.get("portrait"))


def _milliseconds(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= _LONGEST else None  # type: ignore[operator,return-value]


def _portrait_of(named: PublicCode, told: object) -> UUID | None:
    try:
        portrait = portraits.get_even_binned(UUID(str(told)))
    except (ValueError, NotFoundError):
        return None
    return portrait.id if portrait.order_id == named.order_id else None


def _funnel(whose: ColumnElement[bool]) -> Funnel:
    now = utcnow()
    mine = (whose, Visit.created_at >= now - KEPT)
    recent = Visit.created_at >= now - RECENT
    times = select(Visit.found_ms).where(*mine, Visit.found_ms.is_not(None))
    middle = select((func.count(Visit.found_ms) - 1) // 2).where(*mine).scalar_subquery()
    counted = select(
        func.count(Visit.id),
        func.count(Visit.id).filter(Visit.camera),
        func.count(Visit.found_ms),
        func.count(Visit.id).filter(Visit.watched_ms > 0),
        func.count(Visit.id).filter(Visit.sound),
        func.count(Visit.fallback),
        times.order_by(Visit.found_ms).offset(middle).limit(1).scalar_subquery(),
        func.count(Visit.id).filter(Visit.camera, recent),
        func.count(Visit.found_ms).filter(recent),
    ).where(*mine)
    return Funnel(*db.session.execute(counted).one())


def _look_at(visit: Visit) -> None:
    """Tell those who run the studio of a print that nobody's camera finds, once."""
    if visit.portrait_id is None or not visit.camera or visit.found_ms is not None:
        return
    funnel = of_portrait(visit.portrait_id)
    if funnel.nothing_found and funnel.camera_lately == ENOUGH:
        subject = portraits.subject_of(visit.portrait_id)
        notifications.tell_admins(NotificationType.NOTHING_FOUND, {}, subject)
