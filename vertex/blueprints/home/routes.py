"""The first page: how much there is, what is due, what came last, and the next step."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vertex.services import clients, order_lists, portraits
from vertex.services.order_moves import OPEN
from vertex.web.htmx import render_page
from vertex.web.orders import about_orders, today

bp = Blueprint("home", __name__)

_SHOWN = 8


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the studio's first page; the counts alone when they have changed."""
    due = order_lists.due_soon(today(), limit=_SHOWN)
    counted = order_lists.counted()
    return render_page(
        "home/index.html",
        fragments=("counts",),
        orders=sum(counted[status] for status in OPEN),
        due=due,
        **about_orders(due),
        clients=clients.count(),
        portraits=portraits.count(),
        latest=portraits.latest().portraits[:_SHOWN],
    )
