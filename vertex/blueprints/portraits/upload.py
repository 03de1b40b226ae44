"""Uploading a portrait with its video, and another video later."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._incoming import incoming_video
from vertex.blueprints.portraits._page import Refused, portrait_page
from vertex.blueprints.portraits.forms import PortraitForm, VideoForm
from vertex.errors import DomainError, InvalidError
from vertex.models import Client, Order
from vertex.runtime import runtime
from vertex.services import (
    client_lists,
    clients,
    intake,
    orders,
    portraits,
    videos,
)
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.forms import field_error
from vertex.web.htmx import go_to, render_page
from vertex.web.limits import limit_uploads
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast
from vertex.web.uploads import takes_files

_FIELD_OF = {"phone_of_other": "phone"}


@bp.route("/new", methods=["GET", "POST"])
@limit_uploads
@takes_files
def create() -> ResponseReturnValue:
    """Take in a portrait with its video, and go to its page, where the marker is being made."""
    order = _chosen_order()
    chosen = order.client if order else _chosen_client()
    form = PortraitForm(
        client_id=str(chosen.id) if chosen else None,
        client=request.args.get("client"),
        phone=request.args.get("phone"),
    )
    status = 200
    if form.is_submitted() and _complete(form, chosen):
        try:
            portrait = _accept(form, chosen, order)
        except DomainError as error:
            if error.code == "sent_twice":
                raise
            form.refuse(error, _FIELD_OF.get(error.code))
            status = status_of(error)
        else:
            toast(_("Saved. The marker is being made."))
            return go_to(_page_of(portrait, order))
    form.draw()
    return _page(form, chosen, order), 422 if form.errors and status == 200 else status


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Judge the client's name or phone while the form is being filled in."""
    form, name = PortraitForm(), request.form.get("field", "")
    if name not in ("client", "phone"):
        raise InvalidError
    try:
        if name == "client":
            clients.normalise_name(form.text("client"))
        else:
            clients.judge_phone_of(form.text("client"), form.text("phone"))
    except DomainError as error:
        form.refuse(error, name)
    return field_error(form[name])


@bp.post("/<uuid:portrait_id>/video")
@limit_uploads
@takes_files
def replace_video(portrait_id: UUID) -> ResponseReturnValue:
    """Store another video, which plays on the print from now on."""
    portraits.get(portrait_id)
    form = VideoForm()
    if not form.validate_on_submit():
        return portrait_page(portrait_id, Refused(video=form)), 422
    try:
        with incoming_video(form) as (video, filename):
            videos.attach(
                portrait_id=portrait_id,
                video=video,
                filename=filename,
                actor=actor(),
                storage=runtime().storage,
                queue=runtime().queue,
                max_bytes=runtime().settings.max_video_bytes,
                submission=form.text("once"),
            )
    except InvalidError as error:
        form.refuse(error)
        return portrait_page(portrait_id, Refused(video=form)), status_of(error)
    toast(_("Saved. The video is being prepared, and plays on the print when it is ready."))
    return go_to(url_for("portraits.show", portrait_id=portrait_id))


def _complete(form: PortraitForm, chosen: Client | None) -> bool:
    """Whether everything is there; all that is missing is told at once."""
    complete = bool(form.validate())
    if chosen is not None:
        return complete
    for name, judge in (("client", clients.normalise_name), ("phone", clients.normalise_phone)):
        try:
            judge(form.text(name))
        except InvalidError as error:
            form.refuse(error, name)
            complete = False
    return complete


def _accept(form: PortraitForm, chosen: Client | None, order: Order | None) -> UUID:
    settings = runtime().settings
    if chosen is None:
        clients.judge_phone_of(form.text("client"), form.text("phone"))
    limits = intake.Limits(
        settings.max_image_bytes, settings.max_image_pixels, settings.max_video_bytes
    )
    with incoming_video(form) as (video, video_name):
        delivery = intake.Delivery(
            client=form.text("client"),
            phone=form.text("phone"),
            portrait=form.portrait.data.stream,
            portrait_name=form.portrait.data.filename,
            video=video,
            video_name=video_name,
            client_id=chosen.id if chosen else None,
            order_id=order.id if order else None,
            submission=form.text("once"),
            one_of_many=bool(form.text("batch")),
        )
        return intake.accept(
            delivery, actor=actor(), storage=runtime().storage, queue=runtime().queue, limits=limits
        ).id


def _page_of(portrait_id: UUID, order: Order | None) -> str:
    if order is not None:
        return url_for("orders.show", order_id=order.id)
    return url_for("portraits.show", portrait_id=portrait_id)


def _chosen_order() -> Order | None:
    order_id = asked_uuid("order_id") or asked_uuid("order_of")
    return orders.get(order_id) if order_id else None


def _chosen_client() -> Client | None:
    client_id = asked_uuid("client_id") or asked_uuid("client_of")
    return clients.get(client_id) if client_id else None


def _page(form: PortraitForm, chosen: Client | None, order: Order | None) -> str:
    settings = runtime().settings
    name, phone = form.text("client"), form.text("phone")
    return render_page(
        "portraits/create.html",
        fragments=("portrait_form", "known_clients"),
        form=form,
        chosen=chosen,
        order=order,
        known=[] if chosen else client_lists.similar(name, phone),
        max_image=settings.max_image_bytes,
        max_video=settings.max_video_bytes,
    )
