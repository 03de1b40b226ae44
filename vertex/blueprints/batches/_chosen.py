"""What was chosen on a list: each thing by its id, orders with where they were seen."""

from uuid import UUID

from flask import request

from vertex.errors import NotFoundError
from vertex.models import OrderStatus
from vertex.runtime import runtime
from vertex.services import batches


def chosen_orders() -> dict[UUID, OrderStatus]:
    """The orders of the form, `<id>.<status>` each, with the status in which they were shown."""
    given = (value.partition(".") for value in request.form.getlist("id"))
    found = {_id(key): _status(status) for key, _dot, status in given}
    batches.judge(found)
    return found


def chosen_ids() -> list[UUID]:
    """The things of the form, each once."""
    found = list(dict.fromkeys(_id(value) for value in request.form.getlist("id")))
    batches.judge(found)
    return found


def printable() -> bool:
    """Whether phones reach the public address, with their camera."""
    settings = runtime().settings
    return settings.https and not settings.only_here


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFoundError(kind="thing", id=given[:40]) from None


def _status(given: str) -> OrderStatus:
    if given not in list(OrderStatus):
        raise NotFoundError(kind="order_status", id=given[:40])
    return OrderStatus(given)
