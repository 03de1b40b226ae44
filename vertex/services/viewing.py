"""What a printed code shows to whoever opens it, as far as the studio's rules allow it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from vertex.errors import ClosedError, GoneError, NotFoundError
from vertex.extensions import db
from vertex.models import Order, Playing, Portrait, PublicCode, Ruled, Video, utcnow
from vertex.services import programmes, public_codes

MOST_IN_ALBUM = 50  # portraits that one marker holds


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for a portrait or an album."""

    pin_hash: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    paused: bool = False
    downloads: bool = False
    card_photo: bool = False
    kept_offline: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A portrait that may be seen, and the video that plays on it now."""

    portrait: Portrait
    video: Video | None


@dataclass(frozen=True, slots=True)
class View:
    """What may be seen behind a code: one portrait, or those of an order's album."""

    code: str
    order: Order | None
    shown: tuple[Shown, ...]
    rules: Rules

    @property
    def may_be_kept(self) -> bool:
        """Whether a phone may keep page, marker and photo for the next scan."""
        return self.rules.pin_hash is None

    def find(self, portrait_id: UUID | None) -> Shown:
        """The portrait with this id, or the only one; NotFoundError if it is not among them."""
        for shown in self.shown:
            if portrait_id is None or shown.portrait.id == portrait_id:
                return shown
        raise NotFoundError(kind="portrait", id=str(portrait_id))


def view(typed: str, *, proof: str | None = None) -> View:
    """Return what the code shows now; `proof` is that of the right PIN, if it was given.

    Raises NotFoundError for a code that never was or whose portrait lies in the bin, GoneError for
    one that names nothing any more, ClosedError
    with the codes `pin_needed`, `paused`, `opens_later` and `expired`.
    """
    named = _named(typed)
    rules = _rules_behind(named)
    _judge(rules, utcnow(), proof)
    if named.order is not None:
        return View(named.code, named.order, _album(named.order), rules)
    if named.portrait is None:
        raise GoneError("code_gone")
    return View(named.code, None, (_shown(named.portrait),), rules)


def closed_now(row: Order | Portrait) -> ClosedError | None:
    """Return why nobody can look at it now, PIN or not, or None if it can be seen."""
    rules = merged(row, row.order if isinstance(row, Portrait) else None)
    try:
        _judge(rules, utcnow(), proof_of(rules))
    except ClosedError as error:
        return error
    return None


def unruled(typed: str) -> View:
    """Return all that a code names, whatever its rules: not for strangers."""
    named = _named(typed)
    rules = replace(_rules_behind(named), pin_hash=None)
    if named.order is not None:
        return View(named.code, named.order, _portraits_of(named.order), rules)
    if named.portrait is None:
        raise GoneError("code_gone")
    return View(named.code, None, (_shown(named.portrait),), rules)


def video_of(view: View, video_id: UUID) -> Video:
    """Return a video that may play now on a portrait of the view, or raise NotFoundError."""
    for shown in view.shown:
        if shown.video is not None and shown.video.id == video_id:
            return shown.video
    for shown in view.shown:
        in_turn = shown.portrait.playing is Playing.TURN
        found = programmes.playable(shown.portrait, video_id) if in_turn else None
        if found is not None:
            return found
    raise NotFoundError(kind="file")


def rules_of(typed: str) -> Rules:
    """Return the rules of what a code names, whether or not they allow a look at it."""
    return _rules_behind(_named(typed))


def proof_of(rules: Rules) -> str | None:
    """Return what proves that somebody knew the PIN, for as long as that PIN holds."""
    if rules.pin_hash is None:
        return None
    return hashlib.sha256(rules.pin_hash.encode()).hexdigest()[:32]


def _named(typed: str) -> PublicCode:
    named = public_codes.find(typed)
    if named is None:
        raise NotFoundError("code_unknown")
    target: Portrait | Order | None = named.portrait or named.order
    if target is None:
        raise GoneError("code_gone")
    if target.deleted_at is not None:
        raise NotFoundError("code_gone")  # it may come back from the bin
    return named


def _rules_behind(named: PublicCode) -> Rules:
    own = named.portrait or named.order
    order = named.order or (named.portrait.order if named.portrait else None)
    return merged(own, order)


def merged(own: Ruled | None, order: Ruled | None) -> Rules:
    """Return the rules of a portrait: each its own, else its order's. A pause of either holds."""
    given = [rules for rules in (own, order) if rules is not None]

    def first(name: str) -> object:
        values = (getattr(rules, name) for rules in given)
        return next((value for value in values if value is not None), None)

    names = ("pin_hash", "opens_at", "closes_at", "downloads", "card_photo", "kept_offline")
    known = {name: value for name in names if (value := first(name)) is not None}
    return Rules(paused=any(rules.paused for rules in given), **known)  # type: ignore[arg-type]


def _judge(rules: Rules, now: datetime, proof: str | None) -> None:
    # the PIN first: without it nothing is told, not even that something is closed
    if rules.pin_hash is not None and proof != proof_of(rules):
        raise ClosedError("pin_needed")
    if rules.paused:
        raise ClosedError("paused")
    if rules.opens_at is not None and now < rules.opens_at:
        raise ClosedError("opens_later", until=rules.opens_at)
    if rules.closes_at is not None and now >= rules.closes_at:
        raise ClosedError("expired", since=rules.closes_at)


def _shown(portrait: Portrait) -> Shown:
    return Shown(portrait, programmes.now_playing(portrait))


def _album(order: Order) -> tuple[Shown, ...]:
    """The order's portraits, but for those whose own rules are stricter than the album's."""
    return tuple(one for one in _portraits_of(order) if _is_open(one.portrait, order))


def _portraits_of(order: Order) -> tuple[Shown, ...]:
    query = select(Portrait).where(Portrait.order_id == order.id, Portrait.deleted_at.is_(None))
    found: Sequence[Portrait] = db.session.scalars(
        query.order_by(Portrait.id).limit(MOST_IN_ALBUM)
    ).all()
    playing = programmes.now_playing_on(found)
    return tuple(Shown(portrait, playing[portrait.id]) for portrait in found)


def _is_open(portrait: Portrait, order: Order) -> bool:
    if portrait.pin_hash is not None and portrait.pin_hash != order.pin_hash:
        return False
    try:
        _judge(merged(portrait, order), utcnow(), proof_of(merged(portrait, order)))
    except ClosedError:
        return False
    return True
