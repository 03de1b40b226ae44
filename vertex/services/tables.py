"""Clients, orders and portraits as CSV, for spreadsheets and other programs.

The columns have English names whoever reads them, as programs read them too. A cell that a
spreadsheet would take for a formula begins with an apostrophe, as OWASP's page on CSV injection
advises.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from vertex.extensions import db
from vertex.models import AuditAction, Client, Order, Portrait
from vertex.services import (
    accounts,
    audit,
    client_lists,
    order_lists,
    portrait_lists,
    public_codes,
)
from vertex.services.audit import Actor
from vertex.services.order_lists import Wish

CLIENT_COLUMNS = (
    "name", "phone", "email", "notes", "consent_by", "consent_on", "consent_name", "created_at",
)  # fmt: skip
ORDER_COLUMNS = (
    "number", "client", "phone", "status", "product", "price", "deposit", "paid", "due_on",
    "assignee", "notes", "created_at",
)  # fmt: skip
PORTRAIT_COLUMNS = (
    "client", "phone", "order", "title", "status", "recognisable", "rating", "code", "address",
    "created_at",
)  # fmt: skip

_ROWS = 500  # read at once
_MARK = "\ufeff"  # without it Excel takes UTF-8 for an older code
_Read = Callable[[UUID | None], tuple[Sequence[Sequence[str]], UUID | None]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def of_clients(typed: str, *, binned: bool, actor: Actor) -> Iterator[str]:
    """Return the lines of the clients that were searched for; that they were read is recorded."""
    audit.record(actor, AuditAction.EXPORTED, "clients", {"typed": typed, "binned": binned})

    def read(after: UUID | None) -> tuple[list[Sequence[str]], UUID | None]:
        page = client_lists.search(typed, binned=binned, after=after, limit=_ROWS)
        return [_client(client) for client in page.clients], page.after

    return _lines(CLIENT_COLUMNS, read)


def of_orders(wish: Wish, *, today: date, decimals: int, actor: Actor) -> Iterator[str]:
    """Return the lines of the orders that are wished for; that they were read is recorded.

    `decimals` is how many the studio's currency has.
    """
    asked = {"typed": wish.typed, "status": wish.status and wish.status.value}
    audit.record(actor, AuditAction.EXPORTED, "orders", asked)

    def read(after: UUID | None) -> tuple[list[Sequence[str]], UUID | None]:
        page = order_lists.search(wish, today=today, after=after, limit=_ROWS)
        return [_order(order, decimals) for order in page.orders], page.after

    return _lines(ORDER_COLUMNS, read)


def of_portraits(wish: portrait_lists.Wish, *, address: str, actor: Actor) -> Iterator[str]:
    """Return the lines of the portraits that are wished for; that they were read is recorded.

    `address` is what a portrait's code is put behind, to be the address of its customers.
    """
    asked = {"typed": wish.typed, "only": wish.only and wish.only.value, "binned": wish.binned}
    audit.record(actor, AuditAction.EXPORTED, "portraits", asked)

    def read(after: UUID | None) -> tuple[Sequence[Sequence[str]], UUID | None]:
        page = portrait_lists.search(wish, after=after, limit=_ROWS)
        codes = public_codes.of_portraits([portrait.id for portrait in page.portraits])
        rows = [_portrait(one, codes.get(one.id, ""), address) for one in page.portraits]
        return rows, page.after

    return _lines(PORTRAIT_COLUMNS, read)


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return a table as the lines of a file, its cells guarded."""
    yield _MARK + _written([columns])
    for row in rows:
        yield _written([[guarded(cell) for cell in row]])


def _lines(columns: Sequence[str], read: _Read) -> Iterator[str]:
    yield _MARK + _written([columns])
    after: UUID | None = None
    while True:
        rows, after = read(after)
        text = _written([guarded(cell) for cell in row] for row in rows)
        db.session.rollback()  # who reads slowly holds no connection
        yield text
        if after is None:
            return


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet computes, and that `unguarded` makes what it was."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """Return a cell of ours as it was before it was guarded."""
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
    return cell[1:] if is_guarded else cell


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _client(client: Client) -> tuple[str, ...]:
    return (
        client.name,
        client.phone,
        client.email or "",
        client.notes,
        client.consent_by.value if client.consent_by else "",
        client.consent_on.isoformat() if client.consent_on else "",
        client.consent_name or "",
        client.created_at.isoformat(),
    )


def _order(order: Order, decimals: int) -> tuple[str, ...]:
    amounts = (order.price, order.deposit, order.paid)
    return (
        order.number,
        order.client.name,
        order.client.phone,
        order.status.value,
        order.product,
        *("" if amount is None else str(Decimal(amount).scaleb(-decimals)) for amount in amounts),
        order.due_on.isoformat() if order.due_on else "",
        accounts.called(order.assignee) if order.assignee else "",
        order.notes,
        order.created_at.isoformat(),
    )


def _portrait(portrait: Portrait, code: str, address: str) -> tuple[str, ...]:
    return (
        portrait.client.name,
        portrait.client.phone,
        portrait.order.number if portrait.order else "",
        portrait.title,
        portrait.status.value,
        portrait.recognisable.value,
        str(portrait.rating or ""),
        code,
        f"{address}{code}" if code else "",
        portrait.created_at.isoformat(),
    )
