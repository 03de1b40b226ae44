"""Portraits: list, page and bin."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import portrait_page
from vertex.models import PortraitStatus
from vertex.services import portraits, videos
from vertex.web.auth import actor
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast, toast_now

# the parts of the page that ask again, and until when
_WORKING: Mapping[str, Callable[[UUID], bool]] = {
    "marker_state": lambda key: portraits.get(key).status is PortraitStatus.PROCESSING,
    "video_state": videos.is_working,
}
CHANGED, RESTORED = "portraits-changed", "portraits-restored"


@bp.get("")
def index() -> ResponseReturnValue:
    """List portraits, the newest first; “more” adds some."""
    binned = request.args.get("bin") == "1"
    return render_page(
        "portraits/index.html",
        fragments=("portrait_cards", "portrait_more", "portrait_count"),
        binned=binned,
        page=portraits.latest(binned=binned, after=asked_uuid("after")),
        count=portraits.count(),
        most_counted=portraits.MOST_COUNTED,
    )


@bp.get("/<uuid:portrait_id>")
def show(portrait_id: UUID) -> ResponseReturnValue:
    """Show a portrait; what is still being made asks again by itself, and tells the rest then."""
    page = portrait_page(portrait_id)
    is_working = _WORKING.get(request.headers.get("HX-Target", "")) if is_htmx() else None
    return page if is_working is None or is_working(portrait_id) else _changed(page)


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
