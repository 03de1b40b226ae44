"""Orders: list, board, page and bin."""

from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.orders._blueprint import bp
from vertex.blueprints.orders._page import order_page
from vertex.blueprints.orders.moves import CHANGED
from vertex.models import OrderStatus
from vertex.services import accounts, order_lists, orders, tables
from vertex.services.order_lists import Due, Wish
from vertex.services.order_moves import OPEN, PATH
from vertex.web.auth import actor, me
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.orders import about_orders, decimals, today
from vertex.web.requests import asked_choice, asked_uuid
from vertex.web.tables import csv_file
from vertex.web.toasts import toast, toast_now

RESTORED = "orders-restored"


@bp.get("")
def index() -> ResponseReturnValue:
    """List orders; typing and filters swap only the rows, “more” adds some."""
    wish = _wish()
    page = order_lists.search(wish, today=today(), after=asked_uuid("after"))
    return render_page(
        "orders/index.html",
        fragments=("order_rows", "order_more"),
        wish=wish,
        asked=_asked(),
        page=page,
        statuses=list(OrderStatus),
        staff=[(user.id, accounts.called(user)) for user in accounts.colleagues()],
        my_id=me().user_id,
        **about_orders(page.orders),
    )


@bp.get("/table.csv")
def table() -> Response:
    """Hand out the orders of the list, all of them, as CSV."""
    lines = tables.of_orders(_wish(), today=today(), decimals=decimals(), actor=actor())
    return csv_file(lines, "orders")


@bp.get("/board")
def board() -> ResponseReturnValue:
    """Show the orders as columns, from new to delivered."""
    columns = order_lists.board()
    return render_page(
        "orders/board.html",
        fragments=("board",),
        columns=columns,
        way=PATH,
        most=order_lists.MOST_COUNTED,
        open_statuses=OPEN,
        **about_orders([order for column in columns for order in column.orders]),
    )


@bp.get("/<uuid:order_id>")
def show(order_id: UUID) -> ResponseReturnValue:
    """Show an order with its portraits, rules, visits and history."""
    return order_page(order_id)


@bp.post("/<uuid:order_id>/delete")
def delete(order_id: UUID) -> ResponseReturnValue:
    """Move an order to the bin, with a way back."""
    order = orders.move_to_bin(order_id, actor=actor())
    undo = url_for(".restore", order_id=order_id)
    toast(_("Order %(number)s is in the bin.", number=order.number), undo=undo)
    return go_to(url_for(".index"))


@bp.post("/<uuid:order_id>/restore")
def restore(order_id: UUID) -> ResponseReturnValue:
    """Take an order back out of the bin."""
    order = orders.restore(order_id, actor=actor())
    text = _("Order %(number)s is back.", number=order.number)
    if is_htmx():
        return _changed(toast_now(text), RESTORED)
    toast(text)
    return go_to(url_for(".show", order_id=order_id))


def _changed(body: str, *more: str) -> Response:
    return tell(make_response(body), CHANGED, *more)


def _wish() -> Wish:
    """Which orders are asked for; without any filter those that are open."""
    typed = request.args.get("q", "")
    return Wish(
        typed=typed,
        status=asked_choice("status", OrderStatus),
        due=asked_choice("due", Due),
        assignee_id=asked_uuid("who"),
        owing=request.args.get("owing") == "1",
        binned=request.args.get("bin") == "1",
        is_open=not (typed or _asked().keys() & {"status", "all", "bin", "owing"}),
    )


def _asked() -> dict[str, str]:
    """The filters of the address, which every link of the page carries on."""
    names = ("q", "status", "due", "who", "owing", "all", "bin")
    return {name: value for name in names if (value := request.args.get(name, ""))}
