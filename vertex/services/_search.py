"""Full-text search over clients, orders and portraits, in either database's own way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    column,
    false,
    literal_column,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from vertex.extensions import db
from vertex.models import Client, Order, Portrait
from vertex.models.folding import digits, fold, without_nul

_TRIGRAM = 3
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Index:
    """A table's ids and folded texts, and the name of its full-text table in SQLite."""

    id: InstrumentedAttribute[UUID]
    text: InstrumentedAttribute[str]
    name: str
    key: str

    def containing(self, word: str) -> Select[UUID]:
        """The ids of those rows whose text has this in it."""
        if len(word) < _TRIGRAM or db.session.get_bind().dialect.name != "sqlite":
            return select(self.id).where(self.text.contains(word, autoescape=True))
        quoted = word.replace('"', '""')
        found = literal_column(self.name).op("MATCH")(f'text : "{quoted}"')
        key: Any = column(self.key, Uuid())
        return select(key).select_from(table(self.name)).where(found)


_CLIENTS = _Index(Client.id, Client.search_text, "client_search", "client_id")
_ORDERS = _Index(Order.id, Order.search_text, "order_search", "order_id")
_PORTRAITS = _Index(Portrait.id, Portrait.search_text, "portrait_search", "portrait_id")


def clients_matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a client is meant by what was typed; None if nothing was."""
    return _matches(typed, lambda word: Client.id.in_(_CLIENTS.containing(word)))


def orders_matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that an order is meant, by its own words or by its client's."""

    def contains(word: str) -> ColumnElement[bool]:
        of_clients = select(Order.id).where(Order.client_id.in_(_CLIENTS.containing(word)))
        return Order.id.in_(union(_ORDERS.containing(word), of_clients))

    return _matches(typed, contains)


def having_namesakes() -> ColumnElement[bool]:
    """Return the condition that another client has the same name."""
    other = aliased(Client)
    same = (other.sort_name == Client.sort_name, other.id != Client.id, other.deleted_at.is_(None))
    return select(other.id).where(*same).exists()


def portraits_matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a portrait is meant, by its title, its client or its order."""

    def contains(word: str) -> ColumnElement[bool]:
        of_clients = select(Portrait.id).where(Portrait.client_id.in_(_CLIENTS.containing(word)))
        of_orders = select(Portrait.id).where(Portrait.order_id.in_(_ORDERS.containing(word)))
        return Portrait.id.in_(union(_PORTRAITS.containing(word), of_clients, of_orders))

    return _matches(typed, contains)


def _matches(typed: str, contains: Any) -> ColumnElement[bool] | None:
    typed = without_nul(typed)[:_LONGEST].strip()
    if not typed:
        return None
    if _PHONE.fullmatch(typed):
        # a number of the notes, such as a date, is looked for as it stands
        return or_(contains(fold(typed)), *map(contains, _numbers(digits(typed))))
    words = fold(typed).split()
    return and_(*(contains(word) for word in words)) if words else false()


def _numbers(typed: str) -> Iterator[str]:
    """What may be stored of a number: with its country's code, where people dial 8 or 0 instead."""
    yield typed
    shorter = typed.lstrip("0") if typed.startswith("0") else typed[1:]
    if typed[0] in "08" and len(shorter) >= _TRIGRAM:
        yield shorter
