"""Clients found, listed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Select, func, select

from vertex.extensions import db
from vertex.models import Client
from vertex.services import _search
from vertex.services._asked import Asked, understood
from vertex.services._first_clients import Part, begins, first_clients, latest_clients

MOST_COUNTED = 5_000  # counting takes the longer the more there are
_PAGE = 30
_FOUND = 20  # of what is typed, asked for at every key


@dataclass(frozen=True, slots=True)
class Page:
    """Some clients of a list; `after` is where the next ones begin, None at the end."""

    clients: Sequence[Client]
    after: UUID | None


def search(
    typed: str = "",
    *,
    binned: bool = False,
    doubled: bool = False,
    after: UUID | None = None,
    limit: int | None = None,
) -> Page:
    """Return clients by name, all or those meant by what was typed: name, phone, e-mail, notes.

    Of one word, those come first whose name begins with it; of three digits or more,
    those taken in last. `doubled` are those alone whose name somebody else has, too, by name.
    """
    limit = limit or (_FOUND if typed else _PAGE)
    last = None if after is None else db.session.get(Client, after)
    if after is not None and last is None:
        return Page([], None)
    asked = understood(typed)
    if asked is not None and asked.is_number and asked.is_indexed and not doubled:
        latest = latest_clients(asked, after, limit + 1, binned=binned)
        return _page(_in_this_order(latest), limit)
    found: list[Client] = []
    part = Part(binned, last)
    if asked is not None and asked.is_word:
        (word,) = asked.parts
        if last is None or last.sort_name.startswith(word):
            query = _in(part, doubled).where(begins(Client.sort_name, word))
            found += db.session.scalars(query.limit(limit + 1))
            part = Part(binned)
        part = replace(part, but=word)
    if len(found) <= limit:
        found += _listed(asked, part, doubled, limit + 1 - len(found))
    return _page(found, limit)


def _in_this_order(ids: Sequence[UUID]) -> Sequence[Client]:
    clients = {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(ids)))}
    return [clients[client_id] for client_id in ids if client_id in clients]


def _page(found: Sequence[Client], limit: int) -> Page:
    """Return the first of these, of which one more was asked for than a page has."""
    page = found[:limit]
    return Page(page, page[-1].id if len(found) > limit else None)


def _in(part: Part, doubled: bool) -> Select[Client]:
    """Return the query for clients in a part of the list."""
    query = select(Client).where(*part.of_clients())
    if doubled:
        query = query.where(_search.having_namesakes())
    return query.order_by(Client.sort_name, Client.id)


def _listed(asked: Asked | None, part: Part, doubled: bool, limit: int) -> Sequence[Client]:
    """Return the first clients in a part of the list who are meant."""
    query = _in(part, doubled)
    first = None if doubled or asked is None else first_clients(asked, part, limit)
    if first is not None:
        query = query.where(Client.id.in_(first))
    elif asked is not None:
        query = query.where(_search.clients_matching(asked))
    return db.session.scalars(query.limit(limit)).all()


def similar(name: str, phone: str, *, limit: int = 5) -> Sequence[Client]:
    """Return clients who may be the one whose name or phone is being typed."""
    found: dict[UUID, Client] = {}
    for typed in (phone, name):
        if len(typed.strip()) >= 3:
            found |= {client.id: client for client in search(typed).clients[:limit]}
    return list(found.values())[:limit]


def count() -> int:
    """Return how many clients there are, to MOST_COUNTED."""
    # phones of the living are in an index of their own, which is read instead of the table
    some = select(Client.phone).where(Client.deleted_at.is_(None)).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
