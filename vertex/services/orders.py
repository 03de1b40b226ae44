"""Orders: what a client has asked the studio for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditAction, Order
from vertex.services import audit
from vertex.services._transaction import atomic, violates
from vertex.services.audit import Actor

_LONGEST_NUMBER = 40


def find_or_create(*, number: str, client_id: UUID, actor: Actor) -> Order:
    """Return the client's order with this number; raise ConflictError if it is another's."""
    number = normalise_number(number)
    with atomic():
        order = _with_number(number) or _create(number, client_id, actor)
        if order.client_id != client_id:
            raise ConflictError("order_of_another_client", number=number)
    return order


def normalise_number(number: str) -> str:
    """Return the number without stray spaces, or raise InvalidError."""
    number = " ".join(number.split())
    if not 1 <= len(number) <= _LONGEST_NUMBER:
        raise InvalidError("order_number_invalid", field="order", limit=_LONGEST_NUMBER)
    return number


def _create(number: str, client_id: UUID, actor: Actor) -> Order:
    order = Order(number=number, client_id=client_id)
    try:
        with db.session.begin_nested():  # another session may store the same number meanwhile
            db.session.add(order)
    except IntegrityError as error:
        other = _with_number(number)
        if other is None or not violates(error, "uq_orders_number"):
            raise
        return other
    audit.record(actor, AuditAction.ORDER_CREATED, f"order:{order.id}")
    return order


def _with_number(number: str) -> Order | None:
    return db.session.scalar(
        select(Order).where(Order.number == number, Order.deleted_at.is_(None))
    )
