"""Clients that are one and the same: found, compared, merged and parted."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.clients._blueprint import bp
from vertex.errors import NotFoundError
from vertex.services import clients, merging
from vertex.web.auth import actor
from vertex.web.htmx import go_to, render_page
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast


@bp.get("/<uuid:client_id>/merge")
def choose_other(client_id: UUID) -> str:
    """Find the other entry of this client, and say what merging them does."""
    client, typed, other_id = clients.get(client_id), request.args.get("q", ""), asked_uuid("other")
    return render_page(
        "clients/merge.html",
        fragments=("merge_candidates",),
        client=client,
        typed=typed,
        found=merging.candidates(client, typed),
        other=clients.get(other_id) if other_id and other_id != client_id else None,
    )


@bp.post("/<uuid:client_id>/merge")
def merge(client_id: UUID) -> ResponseReturnValue:
    """Make two clients one, with a way back."""
    kept_id, gone_id = client_id, _asked_other()
    if request.form.get("keep") == "other":
        kept_id, gone_id = gone_id, kept_id
    row = merging.merge(kept_id, gone_id, actor=actor())
    undo = url_for("clients.part", merge_id=row.id)
    toast(_("%(name)s is one client now.", name=clients.get(kept_id).name), undo=undo)
    return go_to(url_for("clients.show", client_id=kept_id))


@bp.post("/merges/<uuid:merge_id>/undo")
def part(merge_id: UUID) -> ResponseReturnValue:
    """Make them two again."""
    row = merging.undo(merge_id, actor=actor())
    toast(_("They are two clients again."))
    return go_to(url_for("clients.show", client_id=row.kept_id))


def _asked_other() -> UUID:
    other_id = asked_uuid("other")
    if other_id is None:
        raise NotFoundError(kind="client", id="")
    return other_id
