"""Every component of the staff pages, each alone; only where the settings ask for it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vertex.blueprints.clients.forms import ClientForm
from vertex.errors import NotFoundError
from vertex.runtime import runtime
from vertex.services import clients, portraits
from vertex.web.htmx import render_page

bp = Blueprint("dev", __name__)


@bp.before_request
def refuse() -> None:
    """Be there only in development."""
    if not runtime().settings.debug_pages:
        raise NotFoundError(kind="page")


@bp.get("/ui")
def ui() -> ResponseReturnValue:
    """Show the components in all their states."""
    wrong = ClientForm(name="", phone="12")
    wrong.phone.errors = ["“12” is not a phone number."]
    return render_page(
        "dev/ui.html",
        form=ClientForm(),
        wrong=wrong,
        clients=clients.search().clients[:3],
        portraits=portraits.latest().portraits[:3],
    )
