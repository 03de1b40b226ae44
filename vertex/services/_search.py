"""Full-text search over clients, orders and portraits, in either database's own way.

What few have is looked up in the full-text index. What many have is looked for in the order of the
list, which finds a page of it soon; only names are put in order by thousands (_first_clients.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Uuid,
    and_,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from vertex.extensions import db
from vertex.models import Client, Order, Portrait
from vertex.models.folding import digits, fold, names_of_signs, spaced, without_nul

FEW = 1000  # orders or clients that are looked up; of more the first page is soon met
FEW_BEGIN = 400  # the same of one or two letters, which so many rows have that counting is long

_TRIGRAM = 3
_MOST_WORDS = 8  # by which the fewest are looked for
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: parts of which a row has all, or one is enough."""

    parts: tuple[str, ...]
    any_is_enough: bool = False

    @property
    def long(self) -> "Asked":
        """Return those parts that a full-text index knows."""
        return Asked(tuple(filter(_is_known, self.parts)), self.any_is_enough)

    @property
    def is_word(self) -> bool:
        """Whether it is one word, and not a number that may be written in several ways."""
        return len(self.parts) == 1 and not self.any_is_enough

    @property
    def few(self) -> int:
        """Return up to how many rows are looked up."""
        return FEW if min(map(len, self.parts), default=0) >= _TRIGRAM else FEW_BEGIN

    @property
    def is_indexed(self) -> bool:
        """Whether the full-text index can tell all that may be meant."""
        return bool(self.long.parts) and not (self.any_is_enough and self.long != self)

    def joined(self, conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
        """Return the condition of a row by those of its parts."""
        return or_(false(), *conditions) if self.any_is_enough else and_(*conditions)


def _place_of(part: str) -> str:
    """What a text holds that has this part: one or two letters are the beginning of a word.

    Digits are found anywhere: people type the end of an order's number, and many have any two.
    """
    words = spaced(part)
    begins_word = len(part) < _TRIGRAM and part.isalnum() and not part.isdecimal()
    return words if begins_word else words.removeprefix("  ")


def _is_known(part: str) -> bool:
    """Whether the full-text indexes of both databases know where this part is.

    PostgreSQL's knows of words alone, with two spaces before and one behind them.
    """
    place = _place_of(part)
    if len(place) < _TRIGRAM:
        return False
    words = _WORD.finditer(place)
    return any(2 * bool(w.start()) + len(w[0]) + (w.end() < len(place)) >= _TRIGRAM for w in words)


def _quoted(part: str) -> str:
    """Return a part in the language of SQLite's full-text index."""
    place = _place_of(part).replace('"', '""')
    return f'text : "{place}"'


@dataclass(frozen=True, slots=True)
class _Index:
    """A table's ids and folded texts, and the names of its full-text table in SQLite."""

    id: InstrumentedAttribute[UUID]
    text: InstrumentedAttribute[str]
    name: str
    key: str

    def containing(self, asked: Asked) -> Select[UUID]:
        """Return the ids of the rows that have these parts; SQLite knows none of two letters."""
        if not is_sqlite():
            return select(self.id).where(self.has(asked))
        key: ColumnElement[UUID] = column(self.key, Uuid())
        return select(key).select_from(table(self.name)).where(self.matching(asked))

    def matching(self, asked: Asked) -> ColumnElement[bool]:
        """Return SQLite's own condition on the full-text table."""
        sought = (" OR " if asked.any_is_enough else " AND ").join(map(_quoted, asked.parts))
        return literal_column(self.name).op("MATCH")(sought)

    def few(self, asked: Asked, limit: int) -> ColumnElement[int]:
        """Return how many rows have these parts, or one more than the limit."""
        # the latest first: years lie together, and PostgreSQL would read the others before them
        found: Select[UUID] | Select[int] = self.containing(asked).order_by(self.id.desc())
        if is_sqlite():
            number: ColumnElement[int] = column("rowid")
            found = select(number).select_from(table(self.name)).where(self.matching(asked))
        counted = select(func.count()).select_from(found.limit(limit + 1).subquery())
        return counted.scalar_subquery()

    def has(self, asked: Asked) -> ColumnElement[bool]:
        """Return the condition on a row itself."""
        places = map(_place_of, asked.parts)
        return asked.joined([self.text.contains(place, autoescape=True) for place in places])


CLIENTS = _Index(Client.id, Client.search_text, "client_search", "client_id")
_ORDERS = _Index(Order.id, Order.search_text, "order_search", "order_id")
_PORTRAITS = _Index(Portrait.id, Portrait.search_text, "portrait_search", "portrait_id")


@dataclass(frozen=True, slots=True)
class _Kin:
    """What is meant by its own words or by those of what it belongs to, `owner` first."""

    own: _Index
    owner: tuple[InstrumentedAttribute[UUID], _Index]
    others: tuple[tuple[InstrumentedAttribute[UUID | None], _Index], ...] = ()

    def belongs(self) -> tuple[tuple[InstrumentedAttribute[Any], _Index], ...]:
        """Return each column by which it belongs to something, with that thing's words."""
        return (self.owner, *self.others)


_ORDER_KIN = _Kin(_ORDERS, (Order.client_id, CLIENTS))
_PORTRAIT_KIN = _Kin(_PORTRAITS, (Portrait.client_id, CLIENTS), ((Portrait.order_id, _ORDERS),))


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
        return asked.joined(each)
    candidates = kin.own.id.in_(fewest)
    return candidates if len(asked.parts) == 1 or asked.any_is_enough else and_(candidates, *each)


def understood(typed: str) -> Asked | None:
    """Return what was asked for, folded; None if nothing was typed."""
    typed = without_nul(typed)[:_LONGEST].strip()
    if not typed:
        return None
    if _PHONE.fullmatch(typed):
        # a number of the notes, such as a date, is looked for as it stands
        found = dict.fromkeys((fold(typed), *_numbers(digits(typed))))
        return Asked(tuple(found), any_is_enough=True)
    parts = fold(typed).split()
    signs = (sign for part in parts if not _is_known(part) for sign in names_of_signs(part))
    return Asked(tuple(dict.fromkeys((*parts, *signs))))


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
    ways = [(Asked(long.parts, any_is_enough=True), long)]
    if len(long.parts) > 1 and not long.any_is_enough:
        ways += [(Asked((part,)), Asked((part,))) for part in long.parts[:_MOST_WORDS]]
    indexes = (kin.own, *(index for _, index in kin.others), kin.owner[1])
    sought = [(*(own for _ in indexes[1:]), theirs) for own, theirs in ways]
    counts = [
        i.few(part, long.few) for parts in sought for i, part in zip(indexes, parts, strict=True)
    ]
    found = db.session.execute(select(*counts)).one()
    size = len(indexes)
    count, best = min((max(found[n * size : (n + 1) * size]), n) for n in range(len(ways)))
    if count > long.few:
        return None
    own, theirs = ways[best]
    key, owners = kin.owner
    belonging: list[tuple[InstrumentedAttribute[Any], Select[UUID]]]
    belonging = [(key, owners.containing(theirs))]
    belonging += [(key, index.containing(own)) for key, index in kin.others]
    rows = (select(kin.own.id).where(key.in_(ids)) for key, ids in belonging)
    return union(kin.own.containing(own), *rows)


def _numbers(typed: str) -> Iterator[str]:
    """What may be stored of a number: with its country's code, where people dial 8 or 0 instead."""
    yield typed
    shorter = typed.lstrip("0") if typed.startswith("0") else typed[1:]
    if typed[0] in "08" and len(shorter) >= _TRIGRAM:
        yield shorter


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return db.session.get_bind().dialect.name == "sqlite"
