"""Notifications: list, and what was read."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.services import notifications, portraits
from vertex.web.auth import me
from vertex.web.htmx import go_to, render_page
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast

bp = Blueprint("notifications", __name__)


@bp.get("")
def index() -> ResponseReturnValue:
    """List what the person was told, the newest first; “more” adds some."""
    page = notifications.page(me().user_id, after=asked_uuid("after"))
    return render_page(
        "notifications/index.html",
        fragments=("notification_more",),
        page=page,
        names=portraits.names_of({one.subject for one in page.notifications}),
        unread=notifications.unread_count(me().user_id),
    )


@bp.post("/<uuid:notification_id>/read")
def mark_read(notification_id: UUID) -> ResponseReturnValue:
    """Note that one was read."""
    notifications.mark_read(notification_id, user_id=me().user_id)
    return go_to(url_for(".index"))


@bp.post("/read")
def mark_all_read() -> ResponseReturnValue:
    """Note that all were read."""
    notifications.mark_all_read(me().user_id)
    toast(_("All are read."))
    return go_to(url_for(".index"))
