"""Portraits: list, page and bin."""

from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._asked import asked_filters, asked_portraits
from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import portrait_page
from vertex.runtime import runtime
from vertex.services import portrait_lists, portraits, tables
from vertex.web.auth import actor
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.requests import asked_uuid
from vertex.web.tables import csv_file
from vertex.web.toasts import toast, toast_now

CHANGED, RESTORED = "portraits-changed", "portraits-restored"
_POLLING = frozenset({"marker_state", "proof_state", "video_state"})
_ASKS_AGAIN = "data-poll"  # what these parts carry while something is being made


@bp.get("")
def index() -> ResponseReturnValue:
    """List portraits, the newest first; what is asked for swaps the cards, “more” adds some."""
    wish, view = asked_portraits(), request.args.get("view", "")
    page = portrait_lists.search(wish, after=asked_uuid("after"))
    as_table = view == "table" and not wish.binned
    return render_page(
        "portraits/index.html",
        fragments=("portrait_cards", "portrait_more", "portrait_count"),
        wish=wish,
        asked=asked_filters(),
        as_rows=as_table,
        page=page,
        count=portraits.count(),
        most_counted=portraits.MOST_COUNTED,
    )


@bp.get("/table.csv")
def table() -> Response:
    """Hand out the portraits of the list, all of them, as CSV."""
    address = f"{runtime().settings.public_url}/v/"
    lines = tables.of_portraits(asked_portraits(), address=address, actor=actor())
    return csv_file(lines, "portraits")


@bp.get("/<uuid:portrait_id>")
def show(portrait_id: UUID) -> ResponseReturnValue:
    """Show a portrait; what is still being made asks again by itself, and tells the rest then."""
    page = portrait_page(portrait_id)
    part = request.headers.get("HX-Target", "") if is_htmx() else ""
    has_ended = part in _POLLING and _ASKS_AGAIN not in page
    return _changed(page) if has_ended else page


@bp.post("/<uuid:portrait_id>/delete")
def delete(portrait_id: UUID) -> ResponseReturnValue:
    """Move a portrait to the bin, with a way back."""
    portrait = portraits.move_to_bin(portrait_id, actor=actor())
    undo = url_for(".restore", portrait_id=portrait_id)
    toast(_("The portrait of %(name)s is in the bin.", name=portrait.client.name), undo=undo)
    return go_to(url_for(".index"))


@bp.post("/<uuid:portrait_id>/restore")
def restore(portrait_id: UUID) -> ResponseReturnValue:
    """Take a portrait back out of the bin."""
    portrait = portraits.restore(portrait_id, actor=actor())
    text = _("The portrait of %(name)s is back.", name=portrait.client.name)
    if is_htmx():
        return _changed(toast_now(text), RESTORED)
    toast(text)
    return go_to(url_for(".show", portrait_id=portrait_id))


def _changed(body: str, *more: str) -> Response:
    return tell(make_response(body), CHANGED, *more)
