"""Fragments of the orders' pages with things to show, stored nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from vertex.blueprints.dev._parts import LIMITS, Sample, client, order
from vertex.blueprints.orders.forms import OrderForm, ViewForm
from vertex.models import Order, OrderStatus, utcnow
from vertex.services.approvals import Stand, Standing
from vertex.services.order_lists import Column, Due, Page, Wish
from vertex.services.order_moves import OPEN, PATH, Progress, step_of
from vertex.web.orders import today
from vertex.web.rules import RulesForm

_FAR = Progress(portraits=2)


def _some() -> list[Order]:
    late = today() - timedelta(days=2)
    return [order(status=status, due_on=late) for status in OrderStatus]


def _about(*orders: Order) -> dict[str, Any]:
    return {
        "progress": {order.id: _FAR for order in orders},
        "steps": {order.id: step_of(order.status, _FAR) for order in orders},
        "pictures": {},
        "standings": {order.id: _stood(order) for order in orders},
    }


def _stood(order: Order) -> Standing:
    stands = list(Stand)
    return Standing(stands[list(OrderStatus).index(order.status) % len(stands)], utcnow())


def _rows(*orders: Order, asked: dict[str, str] | None = None) -> dict[str, Any]:
    asked = asked or {}
    wish = Wish(typed=asked.get("q", ""), binned="bin" in asked)
    about = {"asked": asked, "is_standard": asked.keys() <= {"bin", "due"}, "view": None}
    return {"page": Page(orders, None), "wish": wish, **about, **_about(*orders)}


def _board() -> dict[str, Any]:
    shown = [order for order in _some() if order.status in PATH]
    columns = [Column(order.status, [order], 1) for order in shown[1:]]
    columns.insert(0, Column(OrderStatus.NEW, [], 0))
    columns[1] = replace(columns[1], count=17)
    columns[2] = replace(columns[2], count=300)
    whole = columns[2].status
    return {"columns": columns, "whole": whole, "way": PATH, "most": 1000, **_about(*shown)}


def _way(status: OrderStatus) -> dict[str, Any]:
    shown = order(status=status)
    step = step_of(status, _FAR)
    return {"order": shown, "way": PATH, "step": step, "is_open": status in OPEN}


def _form(**given: Any) -> dict[str, Any]:
    form = OrderForm()
    form.assignee_id.choices = [("", "—")]
    nothing: dict[str, Any] = {"order": None, "chosen": None, "theirs": None, "known": [], **LIMITS}
    return {"form": form, **nothing, **given}


def _view() -> dict[str, Any]:
    wish = Wish(typed="Zoë", status=OrderStatus.READY, due=Due.WEEK, owing=True)
    return {"form": ViewForm(), "asked": {"status": "ready"}, "wish": wish, "who": "Olga"}


SAMPLES: Mapping[str, Sample] = {
    "order-rows": Sample("orders/index.html", "order_rows", lambda: _rows(*_some())),
    "order-rows-none": Sample("orders/index.html", "order_rows", _rows),
    "order-rows-not-found": Sample(
        "orders/index.html", "order_rows", lambda: _rows(asked={"q": "Zoë"})
    ),
    "order-rows-none-of-these": Sample(
        "orders/index.html", "order_rows", lambda: _rows(asked={"due": "overdue"})
    ),
    "order-rows-to-be-saved": Sample(
        "orders/index.html", "order_rows", lambda: _rows(*_some(), asked={"status": "ready"})
    ),
    "order-rows-bin": Sample(
        "orders/index.html", "order_rows", lambda: _rows(order(), asked={"bin": "1"})
    ),
    "order-rows-empty-bin": Sample(
        "orders/index.html", "order_rows", lambda: _rows(asked={"bin": "1"})
    ),
    "board": Sample("orders/board.html", "board", _board),
    "order-way": Sample("orders/show.html", "order_way", lambda: _way(OrderStatus.READY)),
    "order-way-cancelled": Sample(
        "orders/show.html", "order_way", lambda: _way(OrderStatus.CANCELLED)
    ),
    "view-form": Sample("orders/view.html", "view_form", _view),
    "order-form": Sample("orders/form.html", "order_form", _form),
    "order-form-conflict": Sample(
        "orders/form.html", "order_form", lambda: _form(order=order(), theirs=order())
    ),
    "known-clients-of-orders": Sample(
        "orders/form.html", "known_clients", lambda: _form(known=[client()])
    ),
    "order-rules-form": Sample(
        "orders/show.html",
        "rules_form",
        lambda: {"order": order(pin_hash="x"), "rules": RulesForm()},
    ),
}
