"""Who may see a portrait, and which of its videos plays."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import Refused, portrait_page
from vertex.blueprints.portraits.film import page_with, video_of
from vertex.blueprints.portraits.forms import PortraitRulesForm, ScheduleForm
from vertex.errors import ConflictError, InvalidError
from vertex.models import Playing
from vertex.runtime import runtime
from vertex.services import portraits, rules, video_changes, videos
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.htmx import go_to
from vertex.web.rules import rules_saved
from vertex.web.toasts import toast


@bp.post("/<uuid:portrait_id>/rules")
def change_rules(portrait_id: UUID) -> ResponseReturnValue:
    """Set the rules of a portrait; they hold at once, whatever page is open."""
    form = PortraitRulesForm(request.form)
    try:
        draft = form.draft(_playing(form))
        seen = form.seen_before()
        rules.change_portrait(portrait_id, draft, actor=actor(), seen=seen)
    except (ConflictError, InvalidError) as error:
        form.refuse(error)
        if isinstance(error, ConflictError):
            form.show_again(portraits.get(portrait_id))
        return portrait_page(portrait_id, Refused(rules=form)), status_of(error)
    toast(rules_saved(form))
    return go_to(url_for("portraits.show", portrait_id=portrait_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/choose")
def choose_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Have a video play on the portrait."""
    videos.choose(video_of(portrait_id, video_id).id, actor=actor())
    toast(_("This video plays from now on."))
    return go_to(page_with(portrait_id, video_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/schedule")
def schedule_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Set between which times a video plays."""
    video = video_of(portrait_id, video_id)
    form = ScheduleForm(request.form)
    try:
        begins, ends = form.time("plays_from"), form.time("plays_until")
        seen = form.seen_before()
        video_changes.schedule(video.id, begins=begins, ends=ends, actor=actor(), seen=seen)
    except (ConflictError, InvalidError) as error:
        form.refuse(error)
        if isinstance(error, ConflictError):  # who has seen what others have set may insist
            form.seen.data = video_changes.times_seen_of(videos.get(video_id))
        page = portrait_page(portrait_id, Refused(schedule=form), video_id=video_id)
        return page, status_of(error)
    toast(_("Saved."))
    return go_to(page_with(portrait_id, video_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/delete")
def delete_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Move a video to the bin, with a way back."""
    videos.move_to_bin(video_of(portrait_id, video_id).id, actor=actor())
    undo = url_for("portraits.restore_video", portrait_id=portrait_id, video_id=video_id)
    toast(_("The video is in the bin."), undo=undo)
    return go_to(url_for("portraits.show", portrait_id=portrait_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/restore")
def restore_video(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Take a video back out of the bin."""
    videos.restore(video_id, of=portrait_id, actor=actor(), queue=runtime().queue)
    toast(_("The video is back."))
    return go_to(page_with(portrait_id, video_id))


def _playing(form: PortraitRulesForm) -> Playing | None:
    return Playing(form.playing.data) if form.playing.data in list(Playing) else None
