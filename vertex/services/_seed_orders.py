"""The orders of a made-up studio: most delivered long ago, the latest on their way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from vertex.models import OrderStatus
from vertex.models.orders import folded
from vertex.services import _seed_words as words
from vertex.services._seed_chance import Calendar, shares
from vertex.services._seed_people import born

_LATEST = 0.05  # the share of all orders among which some are still on their way
_CANCELLED = 0.04


def pick_clients(count: int, clients: int, chance: Random) -> list[tuple[float, int]]:
    """Return for each order its share of time and a client who was there by then, by number."""
    picked = []
    for share in shares(count, chance):
        share = max(share, 1 / clients)  # nobody was there before
        known = max(1, int(clients * share))
        is_new = chance.random() < 0.5
        picked.append((share, known - 1 if is_new else int(known * chance.random())))
    return picked


def orders(
    picked: Sequence[tuple[float, int]],
    clients: Sequence[UUID],
    staff: Sequence[UUID],
    calendar: Calendar,
    chance: Random,
    *,
    prefix: str = "",
) -> Iterator[dict[str, Any]]:
    """Return the rows of orders, whose numbers begin with the prefix."""
    numbers: Counter[int] = Counter()
    for share, client in picked:
        when = calendar.at(share)
        numbers[when.year] += 1
        number = f"{prefix}{when.year}-{numbers[when.year]:04}"
        status = _status(share, chance)
        product, price = chance.choice(words.PRODUCTS)
        notes = chance.choice(words.ORDER_NOTES) if chance.random() < 0.4 else ""
        binned = status is OrderStatus.CANCELLED and chance.random() < 0.2
        yield {
            **born(when, chance),
            "number": number,
            "client_id": clients[client],
            "status": status,
            "moved_at": None if status is OrderStatus.NEW else when + timedelta(days=1),
            "product": product,
            **_money(status, price, chance),
            "due_on": _due(status, when, calendar, chance),
            "assignee_id": chance.choice(staff) if chance.random() < 0.85 else None,
            "notes": notes,
            "search_text": folded(number, product, notes),
            "deleted_at": when + timedelta(days=2) if binned else None,
        }


def _status(share: float, chance: Random) -> OrderStatus:
    depth = (1 - share) / _LATEST  # 0: today; 1: long enough ago to be done
    if chance.random() < _CANCELLED:
        return OrderStatus.CANCELLED
    if depth >= 1 or chance.random() < depth:
        return OrderStatus.DELIVERED
    way = (OrderStatus.NEW, OrderStatus.IN_PROGRESS, OrderStatus.READY, OrderStatus.PRINTED)
    return way[min(3, int(depth * 4 + chance.random()))]


def _money(status: OrderStatus, price: int, chance: Random) -> dict[str, int | None]:
    if chance.random() < 0.05:
        return {"price": None, "deposit": None, "paid": 0}
    deposit = price // 2 if chance.random() < 0.6 else None
    is_settled = status is OrderStatus.DELIVERED and chance.random() < 0.97
    return {"price": price, "deposit": deposit, "paid": price if is_settled else deposit or 0}


def _due(status: OrderStatus, when: datetime, calendar: Calendar, chance: Random) -> date | None:
    if chance.random() < 0.1:
        return None
    if status in (OrderStatus.DELIVERED, OrderStatus.CANCELLED):
        return when.date() + timedelta(days=chance.randint(7, 28))
    return max(
        when.date() + timedelta(days=2),
        calendar.end.date() + timedelta(days=chance.randint(-5, 20)),
    )
