"""Approvals: what clients say to their portraits before anything is printed."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import (
    Answer,
    Approval,
    AuditAction,
    NotificationType,
    Order,
    OrderStatus,
    Portrait,
    utcnow,
)
from vertex.models.folding import without_nul
from vertex.services import audit, notifications, orders
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

LONGEST_MESSAGE = 1000
UNPRINTED = (OrderStatus.NEW, OrderStatus.IN_PROGRESS, OrderStatus.READY)


class Stand(StrEnum):
    """How an order stands with its client; STALE: what was approved is not what is there now."""

    WAITING = "waiting"
    APPROVED = "approved"
    CHANGE = "change"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Standing:
    """The client's word on an order: since when, and what they wrote to it."""

    stand: Stand
    since: datetime
    message: str = ""

    @property
    def is_given(self) -> bool:
        """Whether the client has approved what is there now."""
        return self.stand is Stand.APPROVED


def of_orders(order_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return how those of these orders stand whose clients were asked, in two queries."""
    if not order_ids:
        return {}
    query = select(Approval).where(Approval.order_id.in_(order_ids)).order_by(Approval.id)
    latest = {row.order_id: row for row in db.session.scalars(query)}
    counting = {key: row for key, row in latest.items() if _counts(row)}
    approved = [key for key, row in counting.items() if row.answer is Answer.APPROVED]
    now = _portraits_of(approved)
    return {key: _standing(row, now.get(key, "")) for key, row in counting.items()}


def of_order(order_id: UUID) -> Standing | None:
    """Return how an order stands with its client, or None if nobody waits for a word."""
    return of_orders([order_id]).get(order_id)


def portraits_of(order_id: UUID) -> str:
    """Return what names the portraits of an order, and changes with each of them."""
    return _portraits_of([order_id])[order_id]


def count_portraits(order_id: UUID) -> int:
    """Return how many portraits an order has, be they shown to its client or not."""
    query = select(func.count(Portrait.id))
    query = query.where(Portrait.order_id == order_id, Portrait.deleted_at.is_(None))
    return db.session.scalar(query) or 0


def may_answer(order: Order) -> bool:
    """Tell whether the client is asked, and may answer or change their mind."""
    return _is_open(order, _latest(order.id))


def ask(order_id: UUID, *, actor: Actor) -> Approval:
    """Ask for the client's approval; whoever asks again while it is open has asked already."""
    with atomic():
        order = orders.hold(order_id)
        if order.status not in UNPRINTED:
            raise ConflictError("approval_too_late", number=order.number)
        if not count_portraits(order_id):
            raise ConflictError("approval_of_nothing", number=order.number)
        known = _latest(order_id)
        if known is not None and known.answer is Answer.ASKED and known.closed_at is None:
            return known
        approval = Approval(order_id=order_id, answer=Answer.ASKED)
        db.session.add(approval)
        audit.record(actor, AuditAction.APPROVAL_ASKED, orders.subject_of(order_id))
    return approval


def withdraw(order_id: UUID, *, actor: Actor) -> None:
    """Ask no more: nobody can answer until the studio asks again."""
    with atomic():
        orders.hold(order_id)
        known = _latest(order_id)
        if known is not None and known.answer is not Answer.WITHDRAWN and known.closed_at is None:
            known.answer, known.closed_at = Answer.WITHDRAWN, utcnow()
            audit.record(actor, AuditAction.APPROVAL_WITHDRAWN, orders.subject_of(order_id))


def answer(order_id: UUID, *, approves: bool, message: str, seen: str, actor: Actor) -> Approval:
    """Store what the client says of the portraits they have `seen`, and tell the staff.

    ConflictError if nobody asks any more, or if the portraits are others by now.
    """
    message = "" if approves else _clean(message)
    given = Answer.APPROVED if approves else Answer.CHANGE
    with atomic():
        order = orders.hold(order_id)
        known = _latest(order_id)
        if known is None or not _is_open(order, known):
            raise ConflictError("approval_closed")
        if seen != portraits_of(order_id):
            raise ConflictError("approval_of_others")
        if (known.answer, known.message, known.seen) == (given, message, seen):
            return known  # sent twice
        if known.answer is not Answer.ASKED:  # a change of mind; what was said before is kept
            known = Approval(order_id=order_id)
            db.session.add(known)
        known.answer, known.message, known.seen = given, message, seen
        known.answered_at = utcnow()
        _tell(order, given, actor)
    return known


def close(order: Order) -> Standing | None:
    """Let nobody answer any more, as the order is printed; how it stood with its client."""
    standing = of_order(order.id)
    known = _latest(order.id)
    if known is not None and known.closed_at is None:
        known.closed_at = utcnow()
    return standing


def _tell(order: Order, given: Answer, actor: Actor) -> None:
    approves = given is Answer.APPROVED
    action = AuditAction.APPROVAL_GIVEN if approves else AuditAction.APPROVAL_CHANGE
    type_ = NotificationType.APPROVAL_GIVEN if approves else NotificationType.APPROVAL_CHANGE
    subject = orders.subject_of(order.id)
    audit.record(actor, action, subject)
    also = [order.assignee_id] if order.assignee_id else []
    notifications.tell_admins(type_, {"number": order.number}, subject, also=also)


def _counts(row: Approval) -> bool:
    """Whether an answer is of use to anybody: a question that came to nothing is not."""
    if row.answer is Answer.WITHDRAWN:
        return False
    return row.closed_at is None or row.answer is Answer.APPROVED


def _is_open(order: Order, row: Approval | None) -> bool:
    return row is not None and row.closed_at is None and order.status in UNPRINTED


def _standing(row: Approval, portraits_now: str) -> Standing:
    if row.answer is Answer.ASKED:
        return Standing(Stand.WAITING, row.created_at)
    since = row.answered_at or row.created_at
    if row.answer is Answer.CHANGE:
        return Standing(Stand.CHANGE, since, row.message)
    return Standing(Stand.APPROVED if row.seen == portraits_now else Stand.STALE, since)


def _latest(order_id: UUID) -> Approval | None:
    query = select(Approval).where(Approval.order_id == order_id)
    query = query.order_by(Approval.id.desc()).limit(1)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _portraits_of(order_ids: Collection[UUID]) -> Mapping[UUID, str]:
    lines: dict[UUID, list[str]] = {order_id: [] for order_id in order_ids}
    query = (
        select(Portrait.order_id, Portrait.id, Portrait.sha256)
        .where(Portrait.order_id.in_(order_ids), Portrait.deleted_at.is_(None))
        .order_by(Portrait.id)
    )
    for row in db.session.execute(query) if order_ids else ():
        lines[row.order_id].append(f"{row.id} {row.sha256}")
    return {
        order_id: hashlib.sha256("\n".join(of_one).encode()).hexdigest()
        for order_id, of_one in lines.items()
    }


def _clean(message: str) -> str:
    message = without_nul(message).replace("\r\n", "\n").strip()
    if not message:
        raise InvalidError("change_missing", field="message")
    if len(message) > LONGEST_MESSAGE:
        raise InvalidError("text_long", field="message", limit=LONGEST_MESSAGE)
    return message
