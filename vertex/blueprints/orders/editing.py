"""Taking in an order, changing what was agreed, and copying it."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.orders._blueprint import bp
from vertex.blueprints.orders.forms import AMOUNTS, OrderForm
from vertex.errors import ConflictError, DomainError, InvalidError
from vertex.models import Client, Order
from vertex.runtime import runtime
from vertex.services import (
    accounts,
    client_lists,
    clients,
    orders,
)
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.forms import field_error
from vertex.web.htmx import go_to, render_page
from vertex.web.orders import today, typed_amount
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast

_FIELD_OF = {"phone_of_other": "phone", "order_number_taken": "number"}
_JUDGED = ("client", "phone", "number", "due_on", *AMOUNTS)


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Take in an order, with its client if they are new, and go to its page."""
    chosen, copied = _chosen_client(), _copied()
    form = OrderForm(**_begin(chosen, copied))
    status = 200
    if form.is_submitted() and _complete(form, chosen):
        try:
            order = _create(form, chosen)
        except DomainError as error:
            if error.code == "sent_twice":
                raise
            form.refuse(error, _FIELD_OF.get(error.code))
            status = status_of(error)
        else:
            toast(_("Order %(number)s is saved.", number=order.number))
            return go_to(url_for("orders.show", order_id=order.id))
    form.draw()
    return _page(form, chosen=chosen), 422 if form.errors and status == 200 else status


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Judge one field while the form is being filled in."""
    form, name = OrderForm(), request.form.get("field", "")
    if name not in _JUDGED:
        raise InvalidError
    _judge(form, name, known=asked_uuid("order"))
    return field_error(form[name])


@bp.route("/<uuid:order_id>/edit", methods=["GET", "POST"])
def edit(order_id: UUID) -> ResponseReturnValue:
    """Change what was agreed; who comes second is shown both texts."""
    order = orders.get(order_id)
    form = OrderForm(**_as_typed(order))
    if form.is_submitted() and _complete(form, order.client, order_id):
        try:
            version = form.version.data or 0
            orders.edit(order_id, form.details(), version=version, actor=actor())
        except InvalidError as error:
            form.refuse(error)
        except ConflictError as error:
            return _edit_conflict(form, order_id, error), 409
        else:
            toast(_("Saved."))
            return go_to(url_for("orders.show", order_id=order_id))
    return _page(form, order=order), 422 if form.errors else 200


def _create(form: OrderForm, chosen: Client | None) -> Order:
    details, once = form.details(), form.text("once")
    if chosen is not None:
        return orders.create(details, client_id=chosen.id, actor=actor(), submission=once)
    name, phone = form.text("client"), form.text("phone")
    return orders.create_for(name, phone, details, actor=actor(), submission=once)


def _complete(form: OrderForm, chosen: Client | None, order_id: UUID | None = None) -> bool:
    """Whether the form may be carried out; if not, all that is wrong is told at once."""
    form.validate()
    for name in _JUDGED:
        if chosen is None or name not in ("client", "phone"):
            _judge(form, name, known=order_id)
    return not form.errors


def _judge(form: OrderForm, name: str, *, known: UUID | None) -> None:
    try:
        if name == "client":
            clients.normalise_name(form.text("client"))
        elif name == "phone":
            clients.judge_phone_of(form.text("client"), form.text("phone"))
        elif name == "number":
            orders.judge_number(form.text("number"), known=known)
        elif name == "due_on":
            form.day()
        else:
            form.amount(name)
    except DomainError as error:
        form[name].errors = []
        form.refuse(error, name)


def _chosen_client() -> Client | None:
    client_id = asked_uuid("client_id") or asked_uuid("client_of")
    return clients.get(client_id) if client_id else None


def _copied() -> Order | None:
    order_id = asked_uuid("copy_of") if request.method == "GET" else None
    return orders.get(order_id) if order_id else None


def _begin(chosen: Client | None, copied: Order | None) -> dict[str, object]:
    """What a new form begins with: of an order that is copied, all but its number and day."""
    asked = {name: request.args.get(name) for name in ("client", "phone")}
    values: dict[str, object] = {"client_id": chosen and str(chosen.id), **asked}
    if copied is not None:
        values |= _as_typed(copied) | {"client_id": str(copied.client_id)}
        values |= {"paid": "", "due_on": "", "version": None}
    return values | {"number": orders.next_number(today())}


def _as_typed(order: Order) -> dict[str, object]:
    """An order as the fields of its form want it."""
    return {
        "number": order.number,
        "product": order.product,
        **{name: typed_amount(getattr(order, name)) for name in AMOUNTS},
        "due_on": order.due_on.isoformat() if order.due_on else "",
        "assignee_id": str(order.assignee_id or ""),
        "notes": order.notes,
        "version": order.version,
    }


def _page(
    form: OrderForm,
    *,
    chosen: Client | None = None,
    order: Order | None = None,
    theirs: Order | None = None,
) -> str:
    named = [(str(user.id), accounts.called(user)) for user in accounts.colleagues()]
    form.assignee_id.choices = [("", _("Nobody yet")), *named]
    if chosen is None and order is None and form.text("client_id"):
        chosen = clients.get(UUID(form.text("client_id")))
    known = [] if chosen or order else client_lists.similar(form.text("client"), form.text("phone"))
    return render_page(
        "orders/form.html",
        fragments=("order_form", "known_clients"),
        form=form,
        chosen=chosen,
        order=order,
        theirs=theirs,
        known=known,
        max_image=runtime().settings.max_image_bytes,
        max_video=runtime().settings.max_video_bytes,
    )


def _edit_conflict(form: OrderForm, order_id: UUID, error: ConflictError) -> str:
    order = orders.get(order_id)
    if error.code == "changed_meanwhile":
        form.version.data = order.version  # sending it again is a decision, made with both texts
        form.version.raw_data = None
        return _page(form, order=order, theirs=order)
    form.refuse(error, _FIELD_OF.get(error.code))
    return _page(form, order=order)
