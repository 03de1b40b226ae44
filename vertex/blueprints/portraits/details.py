"""The title of a portrait, its order, and its proof."""

from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import Refused, portrait_page
from vertex.blueprints.portraits.forms import DetailsForm
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.runtime import runtime
from vertex.services import portrait_changes, portraits, proofs
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.files import REVALIDATE, send_stored
from vertex.web.htmx import go_to
from vertex.web.limits import limit_files
from vertex.web.toasts import toast


@bp.post("/<uuid:portrait_id>/details")
def change_details(portrait_id: UUID) -> ResponseReturnValue:
    """Change title and order; who comes second is shown both."""
    form = DetailsForm(request.form)
    try:
        portrait_changes.edit(
            portrait_id,
            title=form.text("title"),
            order_id=form.chosen_order,
            version=form.version.data or 0,
            actor=actor(),
            queue=runtime().queue,
        )
    except InvalidError as error:
        form.refuse(error)
        return portrait_page(portrait_id, Refused(details=form)), status_of(error)
    except ConflictError:
        portrait = portraits.get(portrait_id)
        form.version.data = portrait.version  # sending it again is a decision, made with both texts
        form.version.raw_data = None
        return portrait_page(portrait_id, Refused(details=form, theirs=portrait)), 409
    toast(_("Saved."))
    return go_to(url_for("portraits.show", portrait_id=portrait_id))


@bp.post("/<uuid:portrait_id>/prove")
def prove(portrait_id: UUID) -> ResponseReturnValue:
    """Have the portrait proved once more."""
    proofs.ask_again(portrait_id, actor=actor(), queue=runtime().queue)
    toast(_("The portrait is being proved."))
    return go_to(url_for("portraits.show", portrait_id=portrait_id))


@bp.get("/<uuid:portrait_id>/features")
@limit_files
def features(portrait_id: UUID) -> Response:
    """Send the picture of where on the portrait a phone finds its way."""
    portraits.get(portrait_id)
    proof = proofs.of_portrait(portrait_id)
    if proof is None or proof.picture_key is None:
        raise NotFoundError(kind="file")
    return send_stored(runtime().storage, proof.picture_key, cache=REVALIDATE)
