"""The studio's own face: what customers see of it is set here."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.studio.forms import LogoForm, StudioForm
from vertex.errors import ConflictError, ForbiddenError, InvalidError
from vertex.models import Role
from vertex.runtime import runtime
from vertex.services import studio
from vertex.services.studio import FIELDS, MAX_LOGO_BYTES, Details, Studio
from vertex.web.auth import actor, me
from vertex.web.errors import status_of
from vertex.web.htmx import go_to, render_page
from vertex.web.limits import limit_uploads
from vertex.web.studio import face_of
from vertex.web.toasts import toast
from vertex.web.uploads import takes_a_file

bp = Blueprint("studio", __name__)

_LARGEST_FORM = 4 * MAX_LOGO_BYTES  # what is a little too large is told at its field


@bp.before_request
def refuse() -> None:
    """Be there for admins only."""
    if me().role is not Role.ADMIN:
        raise ForbiddenError


@bp.get("")
def show() -> ResponseReturnValue:
    """Show what is set; the preview alone shows what is being typed."""
    return _page(preview=studio.sketch(_typed()))


@bp.post("")
def save() -> ResponseReturnValue:
    """Save name, colour and contact; who comes second is shown both."""
    form = StudioForm()
    if not _complete(form):
        return _page(form), 422
    try:
        studio.change(form.details, version=form.version.data or 0, actor=actor())
    except ConflictError:
        return _page(form, theirs=_take_version(form)), 409
    toast(_("Saved."))
    return go_to(url_for(".show"))


@bp.post("/logo")
@limit_uploads
@takes_a_file(_LARGEST_FORM)
def set_logo() -> ResponseReturnValue:
    """Take in a logo."""
    form = LogoForm()
    if not form.validate():
        return _page(logo=form), 422
    file = form.logo.data
    try:
        studio.set_logo(
            file.stream, filename=file.filename, actor=actor(), storage=runtime().storage
        )
    except InvalidError as error:
        form.refuse(error)
        return _page(logo=form), status_of(error)
    toast(_("Saved."))
    return go_to(url_for(".show"))


@bp.post("/logo/delete")
def remove_logo() -> ResponseReturnValue:
    """Do without a logo."""
    studio.remove_logo(actor=actor(), storage=runtime().storage)
    toast(_("The logo is removed."))
    return go_to(url_for(".show"))


def _page(
    form: StudioForm | None = None,
    logo: LogoForm | None = None,
    theirs: Studio | None = None,
    preview: Studio | None = None,
) -> str:
    stored = studio.get()
    shown = preview or (studio.sketch(form.details) if form else stored)
    return render_page(
        "studio/show.html",
        fragments=("studio_form", "logo_form", "studio_preview"),
        form=form or StudioForm(obj=stored),
        logo=logo or LogoForm(),
        theirs=theirs,
        current=face_of(stored),
        shown=face_of(shown),
        max_logo=MAX_LOGO_BYTES,
    )


def _typed() -> Details:
    """What is being typed, as far as the address tells; the rest as it is stored."""
    stored = studio.get()
    return Details(**{name: request.args.get(name, getattr(stored, name)) for name in FIELDS})


def _complete(form: StudioForm) -> bool:
    """Whether the form may be carried out; if not, all that is wrong is told at once."""
    complete = bool(form.validate())
    for name in FIELDS:
        try:
            studio.judge(form.details, name)
        except InvalidError as error:
            form.refuse(error, name)
            complete = False
    return complete


def _take_version(form: StudioForm) -> Studio:
    """Let the form be sent again, which is a decision made with both texts, and give theirs."""
    theirs = studio.get()
    form.version.data, form.version.raw_data = theirs.version, None
    return theirs
