"""Full-text search over clients, orders and portraits, in either database's own way.

What few have is looked up in the full-text index. What many have is looked for in the order of the
list, which finds a page of it soon; only names are put in order by thousands (_first_clients.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    false,
    or_,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from vertex.extensions import db
from vertex.models import Client, Order, Portrait
from vertex.services._asked import Asked, understood
from vertex.services._search_index import (
    CLIENTS,
    FEW,
    ORDERS,
    PORTRAITS,
    Index,
    is_sqlite,
    soon_met,
)

FEW_BEGIN = 600  # the same of one or two letters on PostgreSQL, where to count them takes long

_MOST_WORDS = 8  # by which the fewest are looked for


@dataclass(frozen=True, slots=True)
class _Kin:
    """What is meant by its own words or by those of what it belongs to, `owner` first."""

    own: Index
    owner: tuple[InstrumentedAttribute[UUID], Index]
    others: tuple[tuple[InstrumentedAttribute[UUID | None], Index], ...] = ()

    def belongs(self) -> tuple[tuple[InstrumentedAttribute[Any], Index], ...]:
        """Return each column by which it belongs to something, with that thing's words."""
        return (self.owner, *self.others)


_ORDER_KIN = _Kin(ORDERS, (Order.client_id, CLIENTS))
_PORTRAIT_KIN = _Kin(PORTRAITS, (Portrait.client_id, CLIENTS), ((Portrait.order_id, ORDERS),))


def clients_matching(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a client is meant."""
    return CLIENTS.has(asked) if asked.parts else false()


def orders_matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that an order is meant, by its own words or by its client's.

    The query is to join the clients to their orders.
    """
    return _meant(_ORDER_KIN, typed)


def portraits_matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a portrait is meant, by its title, its client or its order.

    The query is to join both to their portraits.
    """
    return _meant(_PORTRAIT_KIN, typed)


def having_namesakes() -> ColumnElement[bool]:
    """Return the condition that another client has the same name."""
    other = aliased(Client)
    same = (other.sort_name == Client.sort_name, other.id != Client.id, other.deleted_at.is_(None))
    return select(other.id).where(*same).exists()


def _meant(kin: _Kin, typed: str) -> ColumnElement[bool] | None:
    asked = understood(typed)
    if asked is None:
        return None
    if not asked.parts:
        return false()
    each = [_either(kin, part) for part in asked.parts]
    fewest = _fewest(kin, asked)
    if fewest is None:
        return soon_met(asked.joined(each))
    candidates = kin.own.id.in_(fewest)
    return candidates if len(asked.parts) == 1 or asked.any_is_enough else and_(candidates, *each)


def _either(kin: _Kin, part: str) -> ColumnElement[bool]:
    """Return the condition that a row has this, or something it belongs to and is joined to."""
    one = Asked((part,))
    return or_(kin.own.has(one), *(index.has(one) for _, index in kin.belongs()))


def _fewest(kin: _Kin, asked: Asked) -> CompoundSelect[UUID] | None:
    """Return ids that hold all rows that are meant, if there are few such; else None.

    A row has all words by its owner, or one of them otherwise; and it has each of them by one of
    all.
    """
    if not asked.is_indexed:
        return None
    long = asked.long
    few = FEW_BEGIN if long.is_short and not is_sqlite() else FEW
    ways = [(Asked(long.parts, any_is_enough=True), long)]
    if len(long.parts) > 1 and not long.any_is_enough:
        ways += [(Asked((part,)), Asked((part,))) for part in long.parts[:_MOST_WORDS]]
    key, owners = kin.owner
    # the owners first: what many of them have is not to be counted in every order as well
    counts = _counted([(owners, theirs) for _, theirs in ways], few)
    ways = [way for way, count in zip(ways, counts, strict=True) if count <= few]
    if not ways:
        return None
    indexes = (kin.own, *(index for _, index in kin.others))
    counts = _counted([(index, own) for own, _ in ways for index in indexes], few)
    size = len(indexes)
    count, best = min((max(counts[n * size : (n + 1) * size]), n) for n in range(len(ways)))
    if count > few:
        return None
    own, theirs = ways[best]
    belonging: list[tuple[InstrumentedAttribute[Any], Select[UUID]]]
    belonging = [(key, owners.containing(theirs))]
    belonging += [(key, index.containing(own)) for key, index in kin.others]
    rows = (select(kin.own.id).where(key.in_(ids)) for key, ids in belonging)
    return union(kin.own.containing(own), *rows)


def _counted(sought: Sequence[tuple[Index, Asked]], limit: int) -> Sequence[int]:
    """Return how many rows of each index have these parts, or one more than the limit."""
    counts = (index.few(asked, limit) for index, asked in sought)
    return db.session.execute(select(*counts)).one()
