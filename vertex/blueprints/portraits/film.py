"""How the video of a portrait plays."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import Refused, portrait_page
from vertex.blueprints.portraits.forms import WishesForm
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.models import Fit, Transparency, Video
from vertex.runtime import runtime
from vertex.services import conversions, portraits, video_changes, video_order, videos
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.htmx import go_to, is_htmx
from vertex.web.toasts import toast

_PLACES = {"up": -1, "down": 1}


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>")
def change_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Change how a video plays; where its films must be made anew, that begins."""
    video = video_of(portrait_id, video_id)
    form = WishesForm(request.form)
    try:
        video_changes.change(
            video.id,
            _wishes(form),
            actor=actor(),
            queue=runtime().queue,
            seen=form.seen_before(),
        )
    except (ConflictError, InvalidError) as error:
        form.refuse(error)
        if isinstance(error, ConflictError):  # who has seen what others have set may insist
            form.seen.data = video_changes.wishes_seen_of(videos.get(video_id))
        page = portrait_page(portrait_id, Refused(wishes=form), video_id=video_id)
        return page, status_of(error)
    toast(_("Saved."))
    return go_to(page_with(portrait_id, video_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/again")
def convert_again(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Try once more to make the films of a video."""
    video = video_of(portrait_id, video_id)
    conversions.try_again(video.id, queue=runtime().queue)
    toast(_("The video is being prepared."))
    return go_to(page_with(portrait_id, video_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/move")
def move_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Move a video one place among the others; they take turns in this order."""
    video = video_of(portrait_id, video_id)
    to = request.form.get("to", "")
    by = _PLACES.get(to)
    if by is None:
        raise InvalidError(field="to")
    video_order.move(video.id, by, actor=actor())
    if is_htmx():
        # a button is disabled while it is at work, and loses the focus by that
        return portrait_page(portrait_id, focus=f"{to}_{video_id}")
    return go_to(url_for("portraits.show", portrait_id=portrait_id, _anchor="video_list"))


def page_with(portrait_id: UUID, video_id: UUID) -> str:
    """The address of a portrait's page that shows this one of its videos."""
    return url_for("portraits.show", portrait_id=portrait_id, video_id=video_id)


def video_of(portrait_id: UUID, video_id: UUID) -> Video:
    """The video with this id, if it is one of this portrait."""
    portraits.get(portrait_id)
    video = videos.get(video_id)
    if video.portrait_id != portrait_id:
        raise NotFoundError(kind="video", id=str(video_id))
    return video


def _wishes(form: WishesForm) -> video_changes.Wishes:
    if not form.validate():
        raise InvalidError(field=next(iter(form.errors)))
    return video_changes.Wishes(
        start_s=_seconds(form, "start_s"),
        end_s=_seconds(form, "end_s"),
        muted=bool(form.muted.data),
        loop=bool(form.loop.data),
        fit=Fit(form.fit.data),
        transparency=Transparency(form.transparency.data),
    )


def _seconds(form: WishesForm, name: str) -> float | None:
    try:
        return form.seconds(name)
    except ValueError:
        raise InvalidError("trim_malformed", field=name) from None
