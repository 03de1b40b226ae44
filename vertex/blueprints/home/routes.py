"""The first page: what needs somebody, how much there is, how prints are doing, what came last."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vertex.models import Role
from vertex.runtime import runtime
from vertex.services import dashboard, order_lists, portraits
from vertex.services.order_moves import OPEN, PATH
from vertex.web.auth import me
from vertex.web.htmx import render_page
from vertex.web.orders import about_orders, day_of, today
from vertex.web.plots import plot_visits

bp = Blueprint("home", __name__)

_SHOWN = 8


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the studio's first page; the counts alone when they have changed."""
    now = today()
    due = order_lists.due_soon(now, limit=_SHOWN)
    counted = order_lists.counted()
    poor = dashboard.poor_portraits()
    free = runtime().storage.free_bytes()
    return render_page(
        "home/index.html",
        fragments=("counts",),
        orders=sum(counted[status] for status in OPEN),
        by_status=[(status, counted[status]) for status in PATH],
        most=order_lists.MOST_COUNTED,
        many=dashboard.MANY,
        due=due,
        **about_orders(due),
        numbers=dashboard.numbers(now),
        poor=poor,
        plot=plot_visits(dashboard.visits_by_day(now, day_of=day_of)),
        free=free,
        is_full=free is not None and free < dashboard.LITTLE_SPACE,
        is_admin=me().role is Role.ADMIN,
        latest=[one for one in portraits.latest().portraits if one not in poor][:_SHOWN],
    )
