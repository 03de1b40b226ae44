"""What an address of the list of orders asks for."""

from uuid import UUID

from flask import request

from vertex.models import OrderStatus
from vertex.services.order_lists import Due, Wish
from vertex.web.requests import asked_choice, asked_uuid

_FILTERS = ("q", "status", "due", "who", "owing", "all", "bin")


def asked_orders() -> Wish:
    """Which orders are asked for; without any filter those that are open."""
    typed = request.args.get("q", "")
    return Wish(
        typed=typed,
        status=asked_choice("status", OrderStatus),
        due=asked_choice("due", Due),
        assignee_id=asked_uuid("who"),
        owing=request.args.get("owing") == "1",
        binned=request.args.get("bin") == "1",
        is_open=not (typed or asked_filters().keys() & {"status", "all", "bin", "owing"}),
    )


def asked_filters() -> dict[str, str]:
    """The filters of the address, which every link of the page carries on."""
    return {name: value for name in _FILTERS if (value := request.args.get(name, "")[:200])}


def standard_views(my_id: UUID) -> dict[str, dict[str, str]]:
    """The views everybody has, by name: the filters of each."""
    return {
        "open": {},
        "overdue": {"due": "overdue"},
        "week": {"due": "week"},
        "mine": {"who": str(my_id)},
        "owing": {"owing": "1"},
        "all": {"all": "1"},
        "bin": {"bin": "1"},
    }
