"""Full-text search over clients, in either database's own way."""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Uuid, and_, column, false, literal_column, or_, select, table

from vertex.extensions import db
from vertex.models import Client
from vertex.models.folding import digits, fold, without_nul

_INDEX = table("client_search", column("client_id", Uuid()))
_TRIGRAM = 3
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*", re.ASCII)
_LONGEST = 200


def matches(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a client is meant by what was typed; None if nothing was."""
    typed = without_nul(typed)[:_LONGEST].strip()
    if not typed:
        return None
    if _PHONE.fullmatch(typed):
        # a number of the notes, such as a date, is looked for as it stands
        return or_(_contains(fold(typed)), *map(_contains, _numbers(digits(typed))))
    words = fold(typed).split()
    return and_(*(_contains(word) for word in words)) if words else false()


def _numbers(typed: str) -> Iterator[str]:
    """What may be stored of a number: with its country's code, where people dial 8 or 0 instead."""
    yield typed
    shorter = typed.lstrip("0") if typed.startswith("0") else typed[1:]
    if typed[0] in "08" and len(shorter) >= _TRIGRAM:
        yield shorter


def _contains(word: str) -> ColumnElement[bool]:
    if len(word) < _TRIGRAM or db.session.get_bind().dialect.name != "sqlite":
        return Client.search_text.contains(word, autoescape=True)
    quoted = word.replace('"', '""')
    found = literal_column("client_search").op("MATCH")(f'text : "{quoted}"')
    return Client.id.in_(select(_INDEX.c.client_id).where(found))
