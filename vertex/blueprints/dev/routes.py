"""Every component of the staff pages, each alone; only where the settings ask for it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block
from markupsafe import Markup

from vertex.blueprints.clients.forms import ClientForm
from vertex.blueprints.dev import samples
from vertex.blueprints.dev._parts import client
from vertex.errors import NotFoundError
from vertex.runtime import runtime
from vertex.services import portraits
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
        clients=[client(), client("Maria Jensen")],
        portraits=portraits.latest().portraits[:3],
        samples=samples.SAMPLES,
    )


@bp.get("/ui/<name>")
def fragment(name: str) -> ResponseReturnValue:
    """Show one fragment alone."""
    sample = samples.SAMPLES.get(name)
    if sample is None:
        raise NotFoundError(kind="page")
    shown = render_block(sample.template, sample.block, **sample.context())
    return render_page("dev/fragment.html", name=name, shown=Markup(shown))  # noqa: S704 - our own block
