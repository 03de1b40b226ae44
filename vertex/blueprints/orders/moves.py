"""Orders on their way: moved on and back, with a question before what is final."""

from uuid import UUID

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.orders._blueprint import bp
from vertex.errors import ConflictError, NotFoundError
from vertex.models import OrderStatus
from vertex.runtime import runtime
from vertex.services import approvals, order_lists, order_moves, orders, portraits
from vertex.web.auth import actor, safe_next
from vertex.web.errors import answer_to
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.orders import order_status
from vertex.web.toasts import toast, toast_now

CHANGED = "orders-changed"


@bp.get("/<uuid:order_id>/move")
def confirm(order_id: UUID) -> ResponseReturnValue:
    """Ask before a move that is final, with what it is about."""
    order = orders.get(order_id)
    to = _status("to")
    if to is OrderStatus.PRINTED and not _printable():
        raise ConflictError("address_not_printable")
    return render_page(
        "orders/move.html",
        order=order,
        to=to,
        progress=order_lists.progress_of([order_id])[order_id],
        portraits=portraits.latest(order_id=order_id).portraits,
        back=_back(order_id),
        standing=approvals.of_order(order_id),
    )


@bp.post("/<uuid:order_id>/move")
def move(order_id: UUID) -> ResponseReturnValue:
    """Move an order, with a way back unless the move is final."""
    seen, to, back = _status("seen"), _status("to"), _back(order_id)
    sure = request.form.get("sure") == "1"
    try:
        order = order_moves.move(
            order_id, to, seen=seen, sure=sure, printable=_printable(), actor=actor()
        )
    except ConflictError as error:
        if error.code == "order_moved_meanwhile":
            return tell(make_response(answer_to(error)), CHANGED)  # what is shown is out of date
        if error.code != "order_move_unsure":
            raise
        return go_to(url_for("orders.confirm", order_id=order_id, to=to.value, back=back))
    text = _("Order %(number)s: %(status)s", number=order.number, status=order_status(to))
    undo = url_for("orders.move", order_id=order_id, to=seen.value, seen=to.value, back=back)
    way_back = None if to in order_moves.FINAL or seen is to else undo
    if is_htmx() and not sure:
        return tell(make_response(toast_now(text, undo=way_back)), CHANGED)
    toast(text, undo=way_back)
    return go_to(back)


def _status(name: str) -> OrderStatus:
    given = request.values.get(name, "")
    if given not in list(OrderStatus):
        raise NotFoundError(kind="order_status", id=given[:40])
    return OrderStatus(given)


def _back(order_id: UUID) -> str:
    given = request.values.get("back")
    return safe_next(given) if given else url_for("orders.show", order_id=order_id)


def _printable() -> bool:
    settings = runtime().settings
    return settings.https and not settings.only_here
