"""Clients who are meant by what was typed: a page of them, by name or the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    func,
    literal,
    select,
    table,
    tuple_,
)

from vertex.extensions import db
from vertex.models import Client
from vertex.services._asked import Asked
from vertex.services._search_index import CLIENTS, FEW, PLACES, is_sqlite, soon_met

MANY = 16_000  # clients that PostgreSQL puts in order, before it reads all in the order of names

_LAST = "\U0010ffff"  # comes after every letter


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list: whose name does not begin with `but`, from behind the client `after`."""

    binned: bool
    after: Client | None = None
    but: str | None = None

    def of_clients(self) -> Sequence[ColumnElement[bool]]:
        """Return what is so of the clients in this part."""
        binned = Client.deleted_at.is_not(None)
        return [binned if self.binned else ~binned, *self.conditions(Client.sort_name, Client.id)]

    def conditions(self, name: Any, client_id: Any) -> Sequence[ColumnElement[bool]]:
        """Return what is so of the names and ids in this part."""
        found: list[ColumnElement[bool]] = []
        if self.after is not None:
            place = tuple_(literal(self.after.sort_name), literal(self.after.id, Uuid()))
            found.append(tuple_(name, client_id) > place)
        if self.but is not None:
            found.append(~begins(name, self.but))
        return found


def begins(name: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a sorting name begins with this, as its index finds it."""
    return and_(name >= word, name < word + _LAST)


def first_clients(asked: Asked, part: Part, limit: int) -> Sequence[UUID] | None:
    """Return the ids of the first clients by name that are meant; None where it is no shortcut."""
    if not asked.is_indexed:
        return None
    if is_sqlite():
        return _first_of_places(asked, part, limit)
    names = select(Client.id, Client.sort_name).where(CLIENTS.has(asked), *part.of_clients())
    # what is limited is found by the full-text index, and not by reading names in their order
    row = names.limit(MANY + 1).subquery().c
    found = select(row.id, func.count().over()).order_by(row.sort_name, row.id).limit(limit)
    rows = db.session.execute(found).all()
    return None if rows and rows[0][1] > MANY else [client_id for client_id, _ in rows]


def latest_clients(asked: Asked, after: UUID | None, limit: int, *, binned: bool) -> Sequence[UUID]:
    """Return the ids of the clients taken in last that are meant; the index is to know the parts.

    None is put in order by thousands: SQLite's full-text index has the latest first, and of what
    many have PostgreSQL soon meets a page.
    """
    if is_sqlite():
        return _latest_of_places(asked, after, limit, binned)
    clients = select(Client.id).where(*Part(binned).of_clients())
    if after is not None:
        clients = clients.where(Client.id < after)
    if not binned and (db.session.scalar(select(CLIENTS.few(asked, FEW))) or 0) > FEW:
        many = clients.where(soon_met(CLIENTS.has(asked)))
        return db.session.scalars(many.order_by(Client.id.desc()).limit(limit)).all()
    # for all of them, put in order afterwards, PostgreSQL asks its index
    row = clients.where(CLIENTS.has(asked)).offset(0).subquery().c
    return db.session.scalars(select(row.id).order_by(row.id.desc()).limit(limit)).all()


def _latest_of_places(asked: Asked, after: UUID | None, limit: int, binned: bool) -> Sequence[UUID]:
    found = _places(asked).where(PLACES.c.binned == int(binned))
    if after is not None:
        place = select(PLACES.c.place).where(PLACES.c.client_id == after).scalar_subquery()
        found = found.where(CLIENTS.number < place)
    return db.session.scalars(found.order_by(CLIENTS.number.desc()).limit(limit)).all()


def _places(asked: Asked) -> Select[UUID]:
    """Return the query for the ids beside SQLite's full-text index, read quickly by thousands."""
    beside = table(CLIENTS.name).join(PLACES, PLACES.c.place == CLIENTS.number)
    return select(PLACES.c.client_id).select_from(beside).where(CLIENTS.matching(asked))


def _first_of_places(asked: Asked, part: Part, limit: int) -> Sequence[UUID]:
    row = PLACES.c
    found = _places(asked.long).where(row.binned == int(part.binned))
    found = found.where(*part.conditions(row.sort_name, row.client_id))
    if asked.long != asked:
        itself = select(Client.id).where(Client.id == row.client_id, CLIENTS.has(asked))
        found = found.where(itself.exists())
    found = found.order_by(row.sort_name, row.client_id).limit(limit)
    return db.session.scalars(found).all()
