"""The full-text index of each table, in either database's own way."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    TableClause,
    Uuid,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute

from vertex.extensions import db
from vertex.models import Client, Order, Portrait
from vertex.services._asked import Asked, place_of

FEW = 1000  # orders or clients that are looked up; of more the first page is soon met

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
        """Return how many rows have these parts, or one more than the limit."""
        # the latest first: years lie together, and PostgreSQL would read the others before them
        found: Select[UUID] | Select[int] = self.containing(asked).order_by(self.id.desc())
        if is_sqlite():
            found = select(self.number).select_from(table(self.name)).where(self.matching(asked))
        counted = select(func.count()).select_from(found.limit(limit + 1).subquery())
        return counted.scalar_subquery()

    def has(self, asked: Asked) -> ColumnElement[bool]:
        """Return the condition on a row itself."""
        places = map(place_of, asked.parts)
        return asked.joined([self.text.contains(place, autoescape=True) for place in places])


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
