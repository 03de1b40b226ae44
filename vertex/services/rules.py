"""The studio's rules for portraits and orders: who may see them, when, and what of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Order, Playing, Portrait
from vertex.services import audit, orders, pins, portraits
from vertex.services._seen import check_seen, fingerprint
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

_Kind = TypeVar("_Kind", Portrait, Order)


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """Rules as somebody wants them; `pin` is a new one, "" none, None the one that is set.

    Of a portrait, None otherwise means: as its order.
    """

    pin: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    paused: bool | None = None
    downloads: bool | None = None
    card_photo: bool | None = None
    kept_offline: bool | None = None
    playing: Playing | None = None


def seen_of(row: Portrait | Order) -> str:
    """Return a word for the rules as they are now, by which a change says what it knows of."""
    rules = (row.pin_hash, row.opens_at, row.closes_at, row.paused, row.downloads)
    playing = row.playing.value if isinstance(row, Portrait) else None
    return fingerprint(*rules, row.card_photo, row.kept_offline, playing)


def change_portrait(
    portrait_id: UUID, draft: RulesDraft, *, actor: Actor, seen: str | None = None
) -> Portrait:
    """Set the rules of a portrait; they hold from the next request on.

    ConflictError if they are not those that were `seen`.
    """
    with atomic():
        portrait = _held(Portrait, portrait_id)
        check_seen(seen, seen_of(portrait))
        _set(portrait, draft)
        if draft.playing is not None:
            portrait.playing = draft.playing
        _record(actor, portraits.subject_of(portrait_id), draft)
    return portrait


def change_order(
    order_id: UUID, draft: RulesDraft, *, actor: Actor, seen: str | None = None
) -> Order:
    """Set the rules of an order: of its album, and of its portraits that have none of their own.

    ConflictError if they are not those that were `seen`.
    """
    with atomic():
        order = _held(Order, order_id)
        check_seen(seen, seen_of(order))
        _set(order, draft)
        _record(actor, orders.subject_of(order_id), draft)
    return order


def pause_portrait(
    portrait_id: UUID, paused: bool | None, *, actor: Actor, seen: bool | None = None
) -> bool | None:
    """Show nothing of a portrait for now, or something again; whether that was so before.

    ConflictError if it is not paused, or not shown, as was `seen`.
    """
    subject = portraits.subject_of(portrait_id)
    return _pause(Portrait, portrait_id, paused, subject, actor, seen)


def pause_order(
    order_id: UUID, paused: bool | None, *, actor: Actor, seen: bool | None = None
) -> bool | None:
    """Show nothing of an order for now, or something again; whether that was so before.

    ConflictError if it is not paused, or not shown, as was `seen`.
    """
    return _pause(Order, order_id, paused, orders.subject_of(order_id), actor, seen)


def _pause(
    kind: type[_Kind],
    key: UUID,
    paused: bool | None,
    subject: str,
    actor: Actor,
    seen: bool | None,
) -> bool | None:
    with atomic():
        row = _held(kind, key)
        before = row.paused
        if seen is not None and bool(before) is not seen:
            raise ConflictError("changed_meanwhile")
        if bool(before) is not bool(paused):
            row.paused = paused
            details = {"paused": str(bool(paused)).lower()}
            audit.record(actor, AuditAction.RULES_CHANGED, subject, details)
    return before


def _held(kind: type[_Kind], key: UUID) -> _Kind:
    """The row, which nobody changes until the transaction ends."""
    row = db.session.get(kind, key, with_for_update=True, populate_existing=True)
    if row is None or row.deleted_at is not None:
        raise NotFoundError(kind=kind.__name__.lower(), id=str(key))
    return row


def _set(row: Portrait | Order, draft: RulesDraft) -> None:
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        raise InvalidError("closes_before_it_opens", field="closes_at")
    if draft.pin is not None:
        row.pin_hash = pins.hash_of(draft.pin) if draft.pin else None
    row.opens_at, row.closes_at = draft.opens_at, draft.closes_at
    row.paused, row.downloads = draft.paused, draft.downloads
    row.card_photo, row.kept_offline = draft.card_photo, draft.kept_offline


def _record(actor: Actor, subject: str, draft: RulesDraft) -> None:
    pin = {None: "kept", "": "none"}.get(draft.pin, "new")
    details = {"pin": pin, "paused": str(bool(draft.paused)).lower()}
    for name in ("opens_at", "closes_at"):
        when: datetime | None = getattr(draft, name)
        if when is not None:
            details[name] = when.isoformat()
    audit.record(actor, AuditAction.RULES_CHANGED, subject, details)
