"""Orders in words: their status, what comes next, money and days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from babel.numbers import get_currency_precision
from flask import Flask
from flask_babel import format_currency, format_date, to_user_timezone
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from vertex.models import Order, OrderStatus, utcnow
from vertex.runtime import runtime
from vertex.services import approvals, order_lists
from vertex.services.approvals import Stand
from vertex.services.order_moves import OPEN, Step, step_of

_STATUSES: Mapping[OrderStatus, LazyString] = {
    OrderStatus.NEW: _("New"),
    OrderStatus.IN_PROGRESS: _("In progress"),
    OrderStatus.READY: _("Ready to print"),
    OrderStatus.PRINTED: _("Printed"),
    OrderStatus.DELIVERED: _("Delivered"),
    OrderStatus.CANCELLED: _("Cancelled"),
}
_STEPS: Mapping[Step, LazyString] = {
    Step.UPLOAD: _("Upload the portraits"),
    Step.WAIT: _("The markers are being made"),
    Step.LOOK: _("Look at what is poorly recognised"),
    Step.BEGIN: _("Begin"),
    Step.CHECK: _("Try it on a phone"),
    Step.PRINT: _("Print"),
    Step.DELIVER: _("Hand it over"),
    Step.NONE: _("Nothing"),
}


_STANDS: Mapping[Stand, LazyString] = {
    Stand.WAITING: _("Waits for the client"),
    Stand.APPROVED: _("Approved by the client"),
    Stand.CHANGE: _("The client asks for a change"),
    Stand.STALE: _("Changed since it was approved"),
}


def init_app(app: Flask) -> None:
    """Give the templates their words for orders."""
    app.jinja_env.filters["order_status"] = order_status
    app.jinja_env.filters["step"] = step
    app.jinja_env.filters["stand"] = stand
    app.jinja_env.filters["money"] = money
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["overdue"] = is_overdue


def about_orders(listed: Sequence[Order]) -> dict[str, Any]:
    """What rows and cards tell of their orders beside themselves."""
    ids = [order.id for order in listed]
    progress, pictures = order_lists.portraits_of(ids)
    return {
        "progress": progress,
        "steps": {order.id: step_of(order.status, progress[order.id]) for order in listed},
        "pictures": pictures,
        "standings": approvals.of_orders(ids),
    }


def order_status(status: OrderStatus) -> str:
    """How far an order has come."""
    return str(_STATUSES[status])


def step(what: Step) -> str:
    """What comes next."""
    return str(_STEPS[what])


def stand(how: Stand) -> str:
    """How an order stands with its client."""
    return str(_STANDS[how])


def decimals() -> int:
    """How many decimals the studio's currency has."""
    return get_currency_precision(runtime().settings.currency)


def money(amount: int) -> str:
    """An amount of the smallest unit, with the studio's currency."""
    currency = runtime().settings.currency
    return str(format_currency(Decimal(amount).scaleb(-decimals()), currency))


def typed_amount(amount: int | None) -> str:
    """An amount as its field wants it."""
    return "" if amount is None else f"{Decimal(amount).scaleb(-decimals()):f}"


def day(value: date) -> Markup:
    """A day for people, with the exact one for machines."""
    shown = format_date(value, "d MMM y")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), shown)


def today() -> date:
    """Today, where the studio is."""
    return day_of(utcnow())


def day_of(time: datetime) -> date:
    """The day on which a time lies where the studio is."""
    return cast(datetime, to_user_timezone(time)).date()


def is_overdue(order: Order) -> bool:
    """Whether the day until which an order was promised is over."""
    return order.status in OPEN and order.due_on is not None and order.due_on < today()
