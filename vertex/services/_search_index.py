"""The full-text index of each table, in either database's own way."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    TableClause,
    Uuid,
    case,
    column,
    false,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from vertex.extensions import db
from vertex.models import Client, Order, Portrait
from vertex.services._asked import Asked, place_of

FEW = 1000  # orders or clients that are looked up; of more the first page is soon met

_LATEST, _OFTEN = 2000, 21  # of so many rows, so many have what many have: a page and one more

PLACES = table(
    "client_search_places",
    column("place"),
    column("client_id", Uuid()),
    column("sort_name"),
    column("binned"),
)


@dataclass(frozen=True, slots=True)
class Index:
    """A table's ids and folded texts, and the names of its full-text table in SQLite.

    `places` has the ids once more, and what clients are put in order by.
    """

    id: InstrumentedAttribute[UUID]
    text: InstrumentedAttribute[str]
    name: str
    key: str
    places: TableClause | None = None

    def containing(self, asked: Asked) -> Select[UUID]:
        """Return the ids of the rows that have these parts, which the index is to know."""
        if not is_sqlite():
            return select(self.id).where(self.has(asked))
        key: ColumnElement[UUID] = column(self.key, Uuid())
        texts: FromClause = table(self.name)
        if self.places is not None:
            # by the narrow rows beside the texts, which lie closer together
            key = self.places.c.client_id
            texts = texts.join(self.places, self.places.c.place == self.number)
        return select(key).select_from(texts).where(self.matching(asked))

    @property
    def number(self) -> ColumnElement[int]:
        """Return the number of a row in SQLite's full-text table."""
        return literal_column(f"{self.name}.rowid")

    def matching(self, asked: Asked) -> ColumnElement[bool]:
        """Return SQLite's own condition on the full-text table."""
        sought = (" OR " if asked.any_is_enough else " AND ").join(map(_quoted, asked.parts))
        return literal_column(self.name).op("MATCH")(sought)

    def few(self, asked: Asked, limit: int) -> ColumnElement[int]:
        """Return how many rows have these parts; more than the limit where there are many."""
        if is_sqlite():
            found = select(self.number).select_from(table(self.name)).where(self.matching(asked))
            return _count(found.limit(limit + 1))
        # PostgreSQL guesses how many there are before it looks, and may read the whole table where
        # it was wrong: what a page is soon met of is known by the latest rows alone, and the rest
        # is counted without a limit, for which it always asks its index
        rows = select(self.text.label("text")).order_by(self.id.desc()).limit(_LATEST).subquery()
        latest = select(rows.c.text).where(_holds(rows.c.text, asked)).limit(_OFTEN)
        often = _count(latest) >= _OFTEN
        return case((often, limit + 1), else_=_count(select(self.id).where(self.has(asked))))

    def has(self, asked: Asked) -> ColumnElement[bool]:
        """Return the condition on a row itself."""
        return _holds(self.text, asked)


def _holds(text: SQLColumnExpression[str], asked: Asked) -> ColumnElement[bool]:
    places = map(place_of, asked.parts)
    return asked.joined([text.contains(place, autoescape=True) for place in places])


def _count(found: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


CLIENTS = Index(Client.id, Client.search_text, "client_search", "client_id", PLACES)
ORDERS = Index(Order.id, Order.search_text, "order_search", "order_id")
PORTRAITS = Index(Portrait.id, Portrait.search_text, "portrait_search", "portrait_id")


def _quoted(part: str) -> str:
    """Return a part in the language of SQLite's full-text index."""
    place = place_of(part).replace('"', '""')
    return f'text : "{place}"'


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return db.session.get_bind().dialect.name == "sqlite"


def soon_met(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hide what many rows have from PostgreSQL, which believes they are few and reads them all."""
    return condition if is_sqlite() else case((condition, true()), else_=false())
