"""Orders: list, board, page and bin."""

from uuid import UUID

from flask import Response, make_response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.orders._asked import asked_filters, asked_orders, standard_views
from vertex.blueprints.orders._blueprint import bp
from vertex.blueprints.orders._page import order_page
from vertex.blueprints.orders.moves import CHANGED
from vertex.models import OrderStatus
from vertex.services import accounts, order_lists, orders, saved_views, tables
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
    wish = asked_orders()
    page = order_lists.search(wish, today=today(), after=asked_uuid("after"))
    asked, standard = asked_filters(), standard_views(me().user_id)
    views = saved_views.of_user(me().user_id)
    return render_page(
        "orders/index.html",
        fragments=("order_rows", "order_more"),
        wish=wish,
        asked=asked,
        page=page,
        statuses=list(OrderStatus),
        staff=[(user.id, accounts.called(user)) for user in accounts.colleagues()],
        standard=standard,
        views=views,
        view=next((view for view in views if view.filters == asked), None),
        is_standard=asked in standard.values(),
        **about_orders(page.orders),
    )


@bp.get("/table.csv")
def table() -> Response:
    """Hand out the orders of the list, all of them, as CSV."""
    lines = tables.of_orders(asked_orders(), today=today(), decimals=decimals(), actor=actor())
    return csv_file(lines, "orders")


@bp.get("/board")
def board() -> ResponseReturnValue:
    """Show the orders as columns, from new to delivered."""
    whole = asked_choice("whole", OrderStatus)
    columns = order_lists.board(whole)
    return render_page(
        "orders/board.html",
        fragments=("board",),
        columns=columns,
        whole=whole,
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
