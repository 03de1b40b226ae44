"""The first page: how much there is, what came last, and the next step."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vertex.services import clients, portraits
from vertex.web.htmx import render_page

bp = Blueprint("home", __name__)

_SHOWN = 8


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the studio's first page; the counts alone when they have changed."""
    return render_page(
        "home/index.html",
        fragments=("counts",),
        clients=clients.count(),
        portraits=portraits.count(),
        latest=portraits.latest().portraits[:_SHOWN],
    )
