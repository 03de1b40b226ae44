"""Full-text search over clients, in either database's own way."""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Uuid, and_, column, false, or_, select, table, text

from vertex.extensions import db
from vertex.models import Client
from vertex.models._folding import digits, fold

_INDEX = table("client_search", column("client_id", Uuid()))
_TRIGRAM = 3
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")
_LONGEST = 200


def matches(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a client is meant by what was typed; None if nothing was."""
    typed = typed[:_LONGEST].strip()
    if not typed:
        return None
    if _PHONE.fullmatch(typed):
        return or_(*(_contains(number) for number in _numbers(digits(typed))))
    words = fold(typed).split()
    return and_(*(_contains(word) for word in words)) if words else false()


def _numbers(typed: str) -> Iterator[str]:
    """What may be stored of a number: with its country's code, where people dial 8 or 0 instead."""
    yield typed
    if len(typed) > _TRIGRAM and typed[0] in "08":
        yield typed.lstrip("0") if typed[0] == "0" else typed[1:]


def _contains(word: str) -> ColumnElement[bool]:
    if len(word) < _TRIGRAM or db.session.get_bind().dialect.name != "sqlite":
        return Client.search_text.contains(word, autoescape=True)
    quoted = word.replace('"', '""')
    found = text("client_search MATCH :words").bindparams(words=f'text : "{quoted}"')
    return Client.id.in_(select(_INDEX.c.client_id).where(found))
