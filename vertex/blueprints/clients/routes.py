"""Clients: list, search, page, form and bin."""

from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.clients._blueprint import bp
from vertex.blueprints.clients._page import client_page
from vertex.blueprints.clients.forms import ClientForm
from vertex.errors import ConflictError, InvalidError
from vertex.models import Client
from vertex.services import (
    client_lists,
    clients,
    tables,
)
from vertex.web.auth import actor
from vertex.web.forms import field_error
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.requests import asked_uuid
from vertex.web.tables import csv_file
from vertex.web.toasts import toast, toast_now

CHANGED, RESTORED = "clients-changed", "clients-restored"
_FIELDS = ("name", "phone", "email", "notes")
_FIELD_OF = {"phone_taken": "phone"}


@bp.get("")
def index() -> ResponseReturnValue:
    """List clients; typing in the search box swaps only the rows, “more” adds some."""
    typed, binned = request.args.get("q", ""), request.args.get("bin") == "1"
    doubled = request.args.get("twice") == "1"
    return render_page(
        "clients/index.html",
        fragments=("client_rows", "client_count", "client_more"),
        typed=typed,
        binned=binned,
        doubled=doubled,
        page=client_lists.search(typed, binned=binned, doubled=doubled, after=asked_uuid("after")),
        count=client_lists.count(),
        most_counted=client_lists.MOST_COUNTED,
    )


@bp.get("/table.csv")
def table() -> Response:
    """Hand out the clients of the list, all of them, as CSV."""
    typed, binned = request.args.get("q", ""), request.args.get("bin") == "1"
    return csv_file(tables.of_clients(typed, binned=binned, actor=actor()), "clients")


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Take in a new client; what is typed is compared with those there are."""
    form = ClientForm(name=request.args.get("name"), phone=request.args.get("phone"))
    if form.is_submitted() and _complete(form):
        try:
            client = clients.create(form.details, actor=actor(), submission=form.text("once"))
        except InvalidError as error:
            form.refuse(error)
        except ConflictError as error:
            if error.code not in _FIELD_OF:
                raise
            form.refuse(error, _FIELD_OF[error.code])
            return _form_page(form), 409
        else:
            toast(_("%(name)s is saved.", name=client.name))
            return go_to(url_for(".show", client_id=client.id))
    form.draw()
    return _form_page(form), 422 if form.errors else 200


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Judge one field while the form is being filled in."""
    form, name = ClientForm(), request.form.get("field", "")
    if name not in _FIELDS:
        raise InvalidError
    form.validate()
    _judge_field(form, name, asked_uuid("client"))
    return field_error(form[name])


@bp.get("/<uuid:client_id>")
def show(client_id: UUID) -> ResponseReturnValue:
    """Show a client with their consent, orders, portraits, visits and what happened to them."""
    return client_page(client_id)


@bp.route("/<uuid:client_id>/edit", methods=["GET", "POST"])
def edit(client_id: UUID) -> ResponseReturnValue:
    """Change a client; who comes second is shown both texts."""
    client = clients.get(client_id)
    form = ClientForm(obj=client)
    if form.is_submitted() and _complete(form, client_id):
        try:
            clients.edit(client_id, form.details, version=form.version.data or 0, actor=actor())
        except InvalidError as error:
            form.refuse(error)
        except ConflictError as error:
            return _edit_conflict(form, client_id, error), 409
        else:
            toast(_("Saved."))
            return go_to(url_for(".show", client_id=client_id))
    return _form_page(form, client), 422 if form.errors else 200


@bp.post("/<uuid:client_id>/delete")
def delete(client_id: UUID) -> ResponseReturnValue:
    """Move a client to the bin, with a way back."""
    client = clients.move_to_bin(client_id, actor=actor())
    text = _("%(name)s is in the bin.", name=client.name)
    undo = url_for(".restore", client_id=client_id)
    if is_htmx() and request.headers.get("HX-Target", "").startswith("client_"):
        return _changed(toast_now(text, undo=undo))
    toast(text, undo=undo)
    return go_to(url_for(".index"))


@bp.post("/<uuid:client_id>/restore")
def restore(client_id: UUID) -> ResponseReturnValue:
    """Take a client back out of the bin."""
    client = clients.restore(client_id, actor=actor())
    text = _("%(name)s is back.", name=client.name)
    if is_htmx():
        return _changed(toast_now(text), RESTORED)
    toast(text)
    return go_to(url_for(".show", client_id=client_id))


def _changed(body: str, *more: str) -> Response:
    return tell(make_response(body), CHANGED, *more)


def _form_page(form: ClientForm, client: Client | None = None, theirs: Client | None = None) -> str:
    name, phone = form.text("name"), form.text("phone")
    return render_page(
        "clients/form.html",
        fragments=("client_form", "similar_clients"),
        form=form,
        client=client,
        theirs=theirs,
        similar=[] if client else client_lists.similar(name, phone),
    )


def _edit_conflict(form: ClientForm, client_id: UUID, error: ConflictError) -> str:
    client = clients.get(client_id)
    if error.code == "changed_meanwhile":
        form.version.data = client.version  # sending it again is a decision, made with both texts
        form.version.raw_data = None
        return _form_page(form, client, theirs=client)
    form.refuse(error, _FIELD_OF.get(error.code))
    return _form_page(form, client)


def _complete(form: ClientForm, client_id: UUID | None = None) -> bool:
    """Whether the form may be carried out; if not, all that is wrong is told at once."""
    if form.validate():
        return True
    for name in _FIELDS:
        _judge_field(form, name, client_id)
    return False


def _judge_field(form: ClientForm, name: str, client_id: UUID | None) -> None:
    if form[name].errors:
        return
    try:
        clients.judge(form.details, name, known=client_id)
    except (InvalidError, ConflictError) as error:
        form[name].errors = []
        form.refuse(error, name)
