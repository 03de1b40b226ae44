"""How often a page asks the database: counted in every test, and never more than MOST times."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

MOST = 10
# more for a page that stores what is missing, such as the code of an order from before albums:
# it does so once, and the next look at it finds it there
ONCE = 5

_LIST = "hands out a whole list as CSV, some hundred rows a query"
# what may ask more often: how often, and why
EXCEPTIONS: Mapping[str, tuple[int, str]] = {
    "clients.table": (1000, _LIST),
    "orders.table": (1000, _LIST),
    "portraits.table": (1000, _LIST),
}

_ASKS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_READS = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_asked: ContextVar[list[str] | None] = ContextVar("asked", default=None)


class TooManyQueriesError(AssertionError):
    """A page asked the database more than MOST times; the message shows what."""


def listen() -> None:
    """Hear of every statement from now on, whatever the database."""
    event.listen(Engine, "before_cursor_execute", _note)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give a list to which statements of this context are added, not those of jobs beside it."""
    asked: list[str] = []
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def judge(app: Flask, reply: TestResponse, asked: list[str]) -> None:
    """Raise TooManyQueriesError if a page asked too often for what it shows."""
    stores = any(not _READS.match(statement) for statement in asked)
    endpoint = _endpoint(app, reply.request.path)
    most, _why = EXCEPTIONS.get(endpoint or "", (MOST, ""))
    if reply.request.method == "GET" and len(asked) > most + ONCE * stores:
        lines = "\n".join(f"{n:3}. {_short(text)}" for n, text in enumerate(asked, 1))
        raise TooManyQueriesError(
            f"GET {reply.request.path} ({endpoint}) asked the database {len(asked)} times, "
            f"at most {most} are wanted (tests/queries.py):\n{lines}"
        )


def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    asked = _asked.get()
    if asked is not None and _ASKS.match(statement):
        asked.append(statement)


def _endpoint(app: Flask, path: str) -> str | None:
    try:
        return str(app.url_map.bind("").match(path, method="GET")[0])
    except HTTPException:
        return None


def _short(statement: str) -> str:
    """The statement without its list of columns."""
    plain = " ".join(statement.split())
    return re.sub(r"^SELECT (.{40}).*? FROM ", r"SELECT \1… FROM ", plain)[:400]
