"""Orders: what a client has asked the studio for."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Client, Order, User, utcnow, uuid7
from vertex.models.folding import without_nul
from vertex.services import audit, clients, public_codes, submissions
from vertex.services._transaction import add_first, atomic, violates
from vertex.services.audit import Actor

_LONGEST_NUMBER = 40
_LONGEST_PRODUCT = 120
_LONGEST_NOTES = 5000
_LATEST = 100
_COUNTED = re.compile(r"(\d{4})-(\d{4,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Details:
    """What was agreed; amounts in the smallest unit of the studio's currency."""

    number: str
    product: str = ""
    price: int | None = None
    deposit: int | None = None
    paid: int | None = None
    due_on: date | None = None
    assignee_id: UUID | None = None
    notes: str = ""

    def cleaned(self) -> "Details":
        """Return the same in the form that is stored, or raise InvalidError."""
        return Details(
            number=normalise_number(self.number, field="number"),
            product=_clean(self.product, "product", _LONGEST_PRODUCT),
            price=self.price,
            deposit=self.deposit,
            paid=self.paid or 0,
            due_on=self.due_on,
            assignee_id=self.assignee_id,
            notes=_clean(self.notes, "notes", _LONGEST_NOTES),
        )


def get(order_id: UUID) -> Order:
    """Return an order that is not in the bin, with its client and who does it."""
    people = (joinedload(Order.client), joinedload(Order.assignee))
    order = db.session.get(Order, order_id, options=people)
    if order is None or order.deleted_at is not None:
        raise NotFoundError(kind="order", id=str(order_id))
    return order


def hold(order_id: UUID) -> Order:
    """Return an order that nobody changes until the surrounding transaction ends."""
    order = locked(order_id)
    if order.deleted_at is not None:
        raise NotFoundError(kind="order", id=str(order_id))
    return order


def locked(order_id: UUID) -> Order:
    """Return an order, be it in the bin, that nobody changes until the transaction ends."""
    order = db.session.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFoundError(kind="order", id=str(order_id))
    return order


def subject_of(order_id: UUID) -> str:
    """Return how the audit log names this order."""
    return f"order:{order_id}"


def get_by_number(number: str) -> Order:
    """Return the order with this number."""
    order = _with_number(normalise_number(number))
    if order is None:
        raise NotFoundError("order_unknown", number=number)
    return order


def phones_by_number(numbers: Collection[str]) -> dict[str, str]:
    """Return whose phone the orders of these numbers have, in the form that is stored."""
    query = select(Order.number, Client.phone).join(Order.client)
    query = query.where(Order.number.in_(numbers), Order.deleted_at.is_(None))
    return {row.number: row.phone for row in db.session.execute(query)} if numbers else {}


def next_number(today: date) -> str:
    """Return the number that comes next in this year, `2026-0042`; nobody has to take it.

    It follows the highest of the latest orders; numbers of the studio's own making do not count.
    """
    latest = db.session.scalars(select(Order.number).order_by(Order.id.desc()).limit(_LATEST))
    counted = [_COUNTED.fullmatch(number) for number in latest]
    year = str(today.year)
    number = max((int(found[2]) for found in counted if found and found[1] == year), default=0) + 1
    while _with_number(f"{year}-{number:04}") is not None:
        number += 1
    return f"{year}-{number:04}"


def find_or_create(*, number: str, client_id: UUID, actor: Actor) -> Order:
    """Return the client's order with this number; raise ConflictError if it is another's."""
    number = normalise_number(number)
    with atomic():
        order = _with_number(number) or _create(number, client_id, actor)
        if order.client_id != client_id:
            raise ConflictError("order_of_another_client", number=number)
    return order


def create(
    details: Details, *, client_id: UUID, actor: Actor, submission: str | None = None
) -> Order:
    """Return the stored order of this client; a number belongs to one order only."""
    details = details.cleaned()
    order = Order(id=uuid7(), client_id=client_id, version=1)
    try:
        with atomic():
            if submission is not None:
                submissions.note(submission, subject_of(order.id))
            clients.hold(client_id)
            _fill(order, details)
            db.session.add(order)
            db.session.flush()
            _begin(order, actor)
    except IntegrityError as error:
        raise _taken(error, details.number) from None
    return order


def create_for(
    name: str, phone: str, details: Details, *, actor: Actor, submission: str | None = None
) -> Order:
    """Return the stored order of whoever has this phone, who is taken in with it if need be."""
    with atomic():
        clients.judge_phone_of(name, phone)
        client = clients.find_or_create(name=name, phone=phone, actor=actor)
        return create(details, client_id=client.id, actor=actor, submission=submission)


def edit(order_id: UUID, details: Details, *, version: int, actor: Actor) -> Order:
    """Return the changed order; ConflictError if somebody has changed it since that version."""
    details = details.cleaned()
    try:
        with atomic():
            order = hold(order_id)
            if order.version != version:
                raise ConflictError("changed_meanwhile")
            before = details_of(order)
            changed = [n for n in Details.__slots__ if getattr(before, n) != getattr(details, n)]
            if changed:
                _fill(order, details)
                order.version += 1
                fields = {"fields": changed}
                audit.record(actor, AuditAction.ORDER_EDITED, subject_of(order_id), fields)
    except IntegrityError as error:
        raise _taken(error, details.number) from None
    return order


def move_to_bin(order_id: UUID, *, actor: Actor) -> Order:
    """Move an order to the bin; its portraits stay, the code of its album shows nothing."""
    with atomic():
        order = locked(order_id)
        if order.deleted_at is None:
            order.deleted_at = utcnow()
            audit.record(actor, AuditAction.ORDER_BINNED, subject_of(order_id))
    return order


def restore(order_id: UUID, *, actor: Actor) -> Order:
    """Put an order back from the bin; ConflictError if its number is another's meanwhile."""
    try:
        with atomic():
            order = locked(order_id)
            if order.deleted_at is not None:
                clients.hold(order.client_id)
                order.deleted_at = None
                audit.record(actor, AuditAction.ORDER_RESTORED, subject_of(order_id))
    except IntegrityError as error:
        raise _taken(error, locked(order_id).number) from None
    return order


def judge_number(number: str, *, known: UUID | None = None) -> None:
    """Raise what saving would raise because of the number; `known` is the order being edited."""
    other = _with_number(normalise_number(number, field="number"))
    if other is not None and other.id != known:
        raise ConflictError("order_number_taken", number=other.number)


def album_code(order_id: UUID) -> str:
    """Return the code of an order's album; one from before there were albums gets it now."""
    return public_codes.of_order(order_id) or public_codes.issue_for_order(order_id).code


def normalise_number(number: str, *, field: str = "order") -> str:
    """Return the number without stray spaces, or raise InvalidError."""
    number = " ".join(without_nul(number).split())
    if not 1 <= len(number) <= _LONGEST_NUMBER:
        raise InvalidError("order_number_invalid", field=field, limit=_LONGEST_NUMBER)
    return number


def details_of(order: Order) -> Details:
    """Return what was agreed of an order."""
    return Details(**{name: getattr(order, name) for name in Details.__slots__})


def _fill(order: Order, details: Details) -> None:
    if details.assignee_id is not None and db.session.get(User, details.assignee_id) is None:
        raise InvalidError("assignee_unknown", field="assignee_id")
    for name in Details.__slots__:
        setattr(order, name, getattr(details, name))


def _create(number: str, client_id: UUID, actor: Actor) -> Order:
    order = Order(number=number, client_id=client_id)
    if not add_first(order, "uq_orders_number"):
        other = _with_number(number)
        if other is None:  # in the bin meanwhile, or under another number
            raise ConflictError("changed_meanwhile")
        return other
    _begin(order, actor)
    return order


def _begin(order: Order, actor: Actor) -> None:
    public_codes.issue_for_order(order.id)
    audit.record(actor, AuditAction.ORDER_CREATED, subject_of(order.id))


def _with_number(number: str) -> Order | None:
    return db.session.scalar(
        select(Order).where(Order.number == number, Order.deleted_at.is_(None))
    )


def _taken(error: IntegrityError, number: str) -> Exception:
    if not violates(error, "uq_orders_number"):
        return error
    db.session.rollback()
    return ConflictError("order_number_taken", number=number)


def _clean(text: str, field: str, limit: int) -> str:
    text = without_nul(text).strip()
    if len(text) > limit:
        raise InvalidError("text_long", field=field, limit=limit)
    return text
