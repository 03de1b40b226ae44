"""Orders found, listed and laid out as a board."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload

from vertex.extensions import db
from vertex.models import Order, OrderStatus, Portrait, PortraitStatus, written
from vertex.services import _search
from vertex.services.order_moves import OPEN, PATH, Progress
from vertex.services.portrait_lists import is_to_be_looked_at, needs_a_look

MOST_COUNTED = 1000  # beyond that nobody wants to know, and counting takes long
_PAGE = 30
_FOUND = 20  # of what is typed, asked for at every key
_COLUMN = 12  # cards; the others come when they are asked for
_WHOLE = 200
_WEEK = timedelta(days=7)


class Due(StrEnum):
    """Which orders, by the day until which they are promised."""

    OVERDUE = "overdue"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which orders somebody wants to see; None: whatever it is."""

    typed: str = ""
    status: OrderStatus | None = None
    is_open: bool = False
    due: Due | None = None
    assignee_id: UUID | None = None
    client_id: UUID | None = None
    owing: bool = False
    binned: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders of a list; `after` is where the next ones begin, None at the end."""

    orders: Sequence[Order]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Column:
    """The orders of one status: the first of them, and how many there are, to MOST_COUNTED."""

    status: OrderStatus
    orders: Sequence[Order]
    count: int


def search(wish: Wish, *, today: date, after: UUID | None = None, limit: int | None = None) -> Page:
    """Return the orders that are wished for: by their day if that is asked for, else the newest."""
    limit = limit or (_FOUND if wish.typed else _PAGE)
    query = _wished(wish, today)
    if wish.due is not None:
        if after is not None:
            last = select(Order.due_on, Order.id).where(Order.id == after).subquery()
            query = query.where(
                tuple_(Order.due_on, Order.id) > select(last.c.due_on, last.c.id).scalar_subquery()
            )
        found = _first(query, Order.due_on, Order.id, limit=limit + 1)
    else:
        if after is not None:
            query = query.where(Order.id < after)
        found = _first(query, Order.id.desc(), limit=limit + 1)
    page = found[:limit]
    return Page(page, page[-1].id if len(found) > limit else None)


def of_client(client_id: UUID, *, limit: int = _PAGE) -> Sequence[Order]:
    """Return a client's orders, the newest first."""
    return _first(_wished(Wish(client_id=client_id), date.min), Order.id.desc(), limit=limit)


def some(order_ids: Collection[UUID]) -> Sequence[Order]:
    """Return these orders with their people, but for those in the bin; the newest first."""
    query = _live().where(Order.id.in_(order_ids)).order_by(Order.id.desc())
    return db.session.scalars(query).all()


def due_soon(today: date, *, limit: int) -> Sequence[Order]:
    """Return what is overdue or due within a week, the most urgent first."""
    query = _live().where(is_open(), Order.due_on < today + _WEEK)
    return db.session.scalars(query.order_by(Order.due_on, Order.id).limit(limit)).all()


def board(whole: OrderStatus | None = None) -> list[Column]:
    """Return a column for each step of the way: what is due first, or was delivered last.

    Of one of them, `whole`, as much as a page can show.
    """
    counts = counted()
    firsts = [_column(status, _WHOLE if status is whole else _COLUMN).subquery() for status in PATH]
    ids = db.session.scalars(union_all(*(select(first.c.id) for first in firsts))).all()
    found = db.session.scalars(_with_people(select(Order)).where(Order.id.in_(ids))).all()
    columns = []
    for status in PATH:
        own = [order for order in found if order.status is status]
        own.sort(key=_urgency if status in OPEN else _age)
        columns.append(Column(status, own, counts[status]))
    return columns


def counted() -> Mapping[OrderStatus, int]:
    """Return how many orders there are of each status, to MOST_COUNTED."""
    parts = []
    for status in OrderStatus:
        some = select(Order.id).where(Order.status == status, Order.deleted_at.is_(None))
        few = some.limit(MOST_COUNTED).subquery()
        parts.append(select(literal(status.value), func.count()).select_from(few))
    rows = db.session.execute(union_all(*parts)).all()
    return {OrderStatus(status): count for status, count in rows}


def is_open() -> ColumnElement[bool]:
    """Return the condition that something is still to be done, in the words of its indexes."""
    closed = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)
    return and_(*(~written(Order.status, status) for status in closed))


def progress_by(portraits: Sequence[Portrait]) -> Progress:
    """Return how far an order is whose portraits these are, all of them."""
    return Progress(
        portraits=len(portraits),
        working=sum(one.status is PortraitStatus.PROCESSING for one in portraits),
        poor=sum(is_to_be_looked_at(one) for one in portraits),
        first=min((one.id for one in portraits), default=None),
    )


def progress_of(order_ids: Collection[UUID]) -> Mapping[UUID, Progress]:
    """Return how far the portraits of these orders are."""
    if not order_ids:
        return {}
    working = Portrait.status == PortraitStatus.PROCESSING
    poor = needs_a_look()
    first = func.min(cast(Portrait.id, String))  # PostgreSQL has no least UUID before version 18
    query = (
        select(Portrait.order_id, func.count(), _sum(working), _sum(poor), first)
        .where(Portrait.order_id.in_(order_ids), Portrait.deleted_at.is_(None))
        .group_by(Portrait.order_id)
    )
    found = {row[0]: Progress(*row[1:4], UUID(row[4])) for row in db.session.execute(query)}
    return {order_id: found.get(order_id, Progress()) for order_id in order_ids}


def _column(status: OrderStatus, most: int) -> Select[UUID]:
    query = select(Order.id).where(_bin(False), Order.status == status)
    if status in OPEN:
        query = query.order_by(Order.due_on.nulls_last(), Order.id)
    else:
        query = query.order_by(Order.id.desc())
    return query.limit(most)


def _urgency(order: Order) -> tuple[bool, date, UUID]:
    return order.due_on is None, order.due_on or date.max, order.id


def _age(order: Order) -> int:
    return -order.id.int


def _first(query: Select[UUID], *order: Any, limit: int) -> Sequence[Order]:
    """Return the first of these orders: those alone are read with all that belongs to them."""
    ids = query.order_by(*order).limit(limit).correlate(None)
    found = _with_people(select(Order)).where(Order.id.in_(ids)).order_by(*order)
    return db.session.scalars(found).all()


def _wished(wish: Wish, today: date) -> Select[UUID]:
    query = select(Order.id).outerjoin(Order.client).where(_bin(wish.binned))
    found = _search.orders_matching(wish.typed)
    if found is not None:
        query = query.where(found)
    if wish.status is not None:
        query = query.where(Order.status == wish.status)
    if wish.is_open or wish.due is not None:
        query = query.where(is_open())
    if wish.due is Due.OVERDUE:
        query = query.where(Order.due_on < today)
    elif wish.due is Due.WEEK:
        query = query.where(Order.due_on >= today, Order.due_on < today + _WEEK)
    if wish.assignee_id is not None:
        query = query.where(Order.assignee_id == wish.assignee_id)
    if wish.client_id is not None:
        query = query.where(Order.client_id == wish.client_id)
    if wish.owing:
        query = query.where(Order.price > Order.paid, Order.status != OrderStatus.CANCELLED)
    return query


def _live() -> Select[Order]:
    return _with_people(select(Order)).where(_bin(False))


def _with_people(query: Select[Order]) -> Select[Order]:
    people = (contains_eager(Order.client), joinedload(Order.assignee))
    return query.outerjoin(Order.client).options(*people)


def _bin(binned: bool) -> ColumnElement[bool]:
    return Order.deleted_at.is_not(None) if binned else Order.deleted_at.is_(None)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
