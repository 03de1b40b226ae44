"""A client's consent, on their page."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.clients._blueprint import bp
from vertex.blueprints.clients._page import client_page
from vertex.blueprints.clients.forms import ConsentForm
from vertex.errors import ConflictError, InvalidError
from vertex.services import clients, consents
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.htmx import go_to
from vertex.web.orders import today
from vertex.web.toasts import toast


@bp.post("/<uuid:client_id>/consent")
def change_consent(client_id: UUID) -> ResponseReturnValue:
    """Note who has agreed and when, or that nobody does any more."""
    form = ConsentForm(request.form)
    try:
        version = form.version.data or 0
        consents.change(client_id, form.given(), version=version, today=today(), actor=actor())
    except (ConflictError, InvalidError) as error:
        form.refuse(error)
        form.show_version(clients.get(client_id).version)
        return client_page(client_id, consent=form), status_of(error)
    toast(_("Saved."))
    return go_to(url_for("clients.show", client_id=client_id))
