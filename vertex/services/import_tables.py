"""Clients and orders out of CSV, also our own: looked at, then stored row by row."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from vertex.errors import ConflictError, DomainError, InvalidError
from vertex.models import ImportKind, OrderStatus
from vertex.services import accounts, clients, csv_files, order_moves, orders
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.csv_files import Line
from vertex.services.import_owners import Owners
from vertex.services.imports import Plan, Planned
from vertex.services.money import parse_amount

COLUMNS: Mapping[ImportKind, Mapping[str, tuple[str, ...]]] = {
    ImportKind.CLIENTS: {
        "name": ("name", "client", "имя", "клиент", "фио"),
        "phone": ("phone", "телефон"),
        "email": ("email", "e-mail", "почта"),
        "notes": ("notes", "заметки", "примечания"),
    },
    ImportKind.ORDERS: {
        "number": ("number", "order", "номер", "заказ"),
        "client": ("client", "name", "клиент", "имя"),
        "phone": ("phone", "телефон"),
        "status": ("status", "статус"),
        "product": ("product", "продукт", "товар"),
        "price": ("price", "цена"),
        "deposit": ("deposit", "аванс", "предоплата"),
        "paid": ("paid", "оплачено"),
        "due_on": ("due_on", "due", "срок"),
        "assignee": ("assignee", "исполнитель"),
        "notes": ("notes", "заметки", "примечания"),
    },
}
_NEEDED = {ImportKind.CLIENTS: "name", ImportKind.ORDERS: "number"}
_AMOUNTS = ("price", "deposit", "paid")


def plan(kind: ImportKind, content: bytes, *, decimals: int) -> Plan:
    """Return a row for each of the table's, with what is wrong with it; nothing is stored.

    `decimals` is how many the studio's currency has.
    """
    lines = csv_files.read(content, COLUMNS[kind], needed=_NEEDED[kind])
    phones = (line.cell("phone") for line in lines)
    if kind is ImportKind.CLIENTS:
        owners = Owners(phones)
        return Plan([_judged(line, kind, lambda one: _client(one, owners)) for line in lines])
    owners = Owners(phones, (line.cell("number") for line in lines))
    staff = {accounts.called(user): user.id for user in accounts.colleagues()}
    return Plan(
        [_judged(line, kind, lambda one: _order(one, owners, staff, decimals)) for line in lines]
    )


def carry_out(kind: ImportKind, content: Mapping[str, Any], *, token: str, actor: Actor) -> str:
    """Store one row, once for this token; return what was made."""
    if kind is ImportKind.CLIENTS:
        details = clients.Details(
            content["name"], content["phone"], content["email"], content["notes"]
        )
        return clients.subject_of(clients.create(details, actor=actor, submission=token).id)
    made = orders.Details(
        number=content["number"],
        product=content["product"],
        **{name: content[name] for name in _AMOUNTS},
        due_on=date.fromisoformat(content["due_on"]) if content["due_on"] else None,
        assignee_id=UUID(content["assignee_id"]) if content["assignee_id"] else None,
        notes=content["notes"],
    )
    with atomic():
        who = (content["client"], content["phone"])
        order = orders.create_for(*who, made, actor=actor, submission=token)
        status = OrderStatus(content["status"])
        if status is not OrderStatus.NEW:
            # it was so before it came here: nothing is printed by that
            order_moves.move(
                order.id, status, seen=OrderStatus.NEW, sure=True, printable=True, actor=actor
            )
    return orders.subject_of(order.id)


def _judged(line: Line, kind: ImportKind, judge: Any) -> Planned:
    raw = {name: line.cell(name) for name in COLUMNS[kind]}
    base = {**raw, "line": str(line.number)}
    try:
        return Planned({**base, **judge(line)})
    except DomainError as error:
        return Planned(base, error)


def _client(line: Line, owners: Owners) -> dict[str, Any]:
    cells = [line.cell(name) for name in ("name", "phone", "email", "notes")]
    details = clients.Details(*cells).cleaned()
    taken = owners.name_of(details.phone)
    if taken is not None:
        raise ConflictError("phone_taken", phone=details.phone, name=taken)
    return {
        "name": details.name,
        "phone": details.phone,
        "email": details.email,
        "notes": details.notes,
        "makes": owners.add(details.name, details.phone),
    }


def _order(line: Line, owners: Owners, staff: Mapping[str, UUID], decimals: int) -> dict[str, Any]:
    name = clients.normalise_name(line.cell("client"))
    phone = clients.normalise_phone(line.cell("phone"))
    amounts: dict[str, Any] = {
        one: parse_amount(line.cell(one), decimals=decimals, field=one) for one in _AMOUNTS
    }
    details = orders.Details(
        number=line.cell("number"), product=line.cell("product"), notes=line.cell("notes"),
        due_on=_day(line.cell("due_on")), **amounts,
    ).cleaned()  # fmt: skip
    if owners.knows_order(details.number):
        raise ConflictError("order_number_taken", number=details.number)
    assignee, status = line.cell("assignee"), _status(line.cell("status"))
    if assignee and assignee not in staff:
        raise InvalidError("assignee_missing", name=assignee[:60])
    return {
        "number": details.number,
        "client": name,
        "phone": phone,
        "status": status,
        "product": details.product,
        **{one: getattr(details, one) for one in _AMOUNTS},
        "due_on": details.due_on.isoformat() if details.due_on else "",
        "assignee_id": str(staff[assignee]) if assignee else "",
        "notes": details.notes,
        "makes": owners.add(name, phone, details.number),
    }


def _status(cell: str) -> str:
    if not cell:
        return OrderStatus.NEW.value
    if cell not in list(OrderStatus):
        raise InvalidError("status_unknown", status=cell[:40])
    return cell


def _day(cell: str) -> date | None:
    """A day as programs write it, or as it is written in Russia and Germany."""
    if not cell:
        return None
    parts = cell.split(".")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(cell)
    except ValueError:
        raise InvalidError("day_malformed_in_table", day=cell[:20]) from None
