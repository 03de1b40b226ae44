"""How far orders have come: from new to delivered, and what comes next."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from vertex.errors import ConflictError
from vertex.models import AuditAction, Order, OrderStatus, utcnow
from vertex.services import approvals, audit, orders
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

PATH = (
    OrderStatus.NEW,
    OrderStatus.IN_PROGRESS,
    OrderStatus.READY,
    OrderStatus.PRINTED,
    OrderStatus.DELIVERED,
)
OPEN = PATH[:-1]
# what is on paper, or in somebody's hands, is not taken back by a click
FINAL = frozenset({OrderStatus.PRINTED, OrderStatus.DELIVERED})


class Step(StrEnum):
    """What an order needs next."""

    UPLOAD = "upload"
    WAIT = "wait"
    LOOK = "look"
    BEGIN = "begin"
    CHECK = "check"
    PRINT = "print"
    DELIVER = "deliver"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Progress:
    """The portraits of an order: how many, how many are under way, and how many need a look."""

    portraits: int = 0
    working: int = 0
    poor: int = 0


def step_of(status: OrderStatus, progress: Progress) -> Step:
    """Return what comes next for an order whose portraits are so far."""
    if status in (OrderStatus.NEW, OrderStatus.IN_PROGRESS, OrderStatus.READY):
        if not progress.portraits:
            return Step.UPLOAD
        if progress.working:
            return Step.WAIT
        if progress.poor:
            return Step.LOOK
    return {
        OrderStatus.NEW: Step.BEGIN,
        OrderStatus.IN_PROGRESS: Step.CHECK,
        OrderStatus.READY: Step.PRINT,
        OrderStatus.PRINTED: Step.DELIVER,
    }.get(status, Step.NONE)


def move(
    order_id: UUID, to: OrderStatus, *, seen: OrderStatus, sure: bool, printable: bool, actor: Actor
) -> Order:
    """Return the order moved on, or back; ConflictError if it is elsewhere than was `seen`.

    What is final has to be `sure`. An order is not printed while its codes would lead nowhere:
    `printable` says whether the public address is one that phones reach.
    """
    with atomic():
        order = orders.hold(order_id)
        if order.status is not seen:
            raise ConflictError("order_moved_meanwhile", number=order.number)
        if order.status is not to:
            if to is OrderStatus.PRINTED and not printable:
                raise ConflictError("address_not_printable")
            if to in FINAL and not sure:
                raise ConflictError("order_move_unsure")
            order.status, order.moved_at = to, utcnow()
            moved = {"from": seen.value, "to": to.value}
            standing = approvals.close(order) if to is OrderStatus.PRINTED else None
            if standing is not None and not standing.is_given:
                moved["approval"] = standing.stand.value
            audit.record(actor, AuditAction.ORDER_MOVED, orders.subject_of(order_id), moved)
    return order
