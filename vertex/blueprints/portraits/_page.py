"""The page of a portrait, which several views answer with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vertex.blueprints.portraits._shown import about_proof, about_videos, chosen_video
from vertex.blueprints.portraits.forms import (
    CaptionsForm,
    DetailsForm,
    PortraitRulesForm,
    ScheduleForm,
    VideoForm,
    WishesForm,
)
from vertex.models import Portrait, PortraitStatus, Recognisable, Video, utcnow
from vertex.runtime import runtime
from vertex.services import (
    audit,
    jobs,
    order_lists,
    portraits,
    public_codes,
    video_changes,
    video_order,
    visits,
)
from vertex.services.proofs import PROOF_JOB
from vertex.services.videos import CONVERT_JOB
from vertex.web.forms import shown_values
from vertex.web.htmx import render_page
from vertex.web.rules import rules_as_typed, typed_time

_PAUSES = ((20, 1), (120, 5))  # s waited, s between two questions
_LONGEST_PAUSE = 30


@dataclass(frozen=True, slots=True)
class Refused:
    """The forms that were refused, shown as they were sent; `theirs` has meanwhile changed."""

    video: VideoForm | None = None
    wishes: WishesForm | None = None
    rules: PortraitRulesForm | None = None
    schedule: ScheduleForm | None = None
    captions: CaptionsForm | None = None
    details: DetailsForm | None = None
    theirs: Portrait | None = None


def portrait_page(
    portrait_id: UUID,
    refused: Refused | None = None,
    *,
    video_id: UUID | None = None,
    focus: str | None = None,
) -> str:
    """The page, or the part of it that is asked for; of its videos this one, or the newest.

    `focus` is the button of the list of videos that the keys go to.
    """
    refused = refused or Refused()
    portrait = portraits.get(portrait_id, with_people=True)
    shelf = video_order.shelf_of(portrait_id)
    video = chosen_video(shelf, video_id)
    work = jobs.latest(portraits.subject_of(portrait_id), PROOF_JOB, CONVERT_JOB)
    return render_page(
        "portraits/show.html",
        fragments=(
            "proof_state", "marker_state", "video_list", "video_state", "video_form",
            "wishes_form", "details_form", "rules_form", "timeline",
        ),
        portrait=portrait,
        client=portrait.client,
        focus=focus,
        ask_again=_pause(portrait),
        **_marker(portrait),
        **about_proof(portrait, work.get(PROOF_JOB)),
        **about_videos(portrait, shelf, video, work.get(CONVERT_JOB)),
        **_openness(portrait, refused.rules),
        **_address(portrait),
        **_forms(portrait, video, refused),
        events=audit.timeline(portraits.subject_of(portrait_id)),
    )  # fmt: skip


def _forms(portrait: Portrait, video: Video | None, refused: Refused) -> dict[str, Any]:
    """The forms as they were sent, if they were refused, else with what is stored."""
    form = refused.video or VideoForm()
    form.draw()
    return {
        "form": form,
        "max_video": runtime().settings.max_video_bytes,
        "wishes": refused.wishes or _wishes(video),
        "wishes_now": shown_values(_wishes(video)),
        "schedule": refused.schedule or _schedule(video),
        "schedule_now": shown_values(_schedule(video)),
        "captions": refused.captions or CaptionsForm(formdata=None),
        "details": _with_orders(refused.details or _details(portrait), portrait),
        "theirs": refused.theirs,
    }


def _marker(portrait: Portrait) -> dict[str, Any]:
    """How far its marker is."""
    return {
        "working": portrait.status is PortraitStatus.PROCESSING,
        "failed": portrait.status is PortraitStatus.FAILED,
        "recognisable": portrait.recognisable is Recognisable.YES,
    }


def _address(portrait: Portrait) -> dict[str, Any]:
    """Where customers find it, and what would keep them from it."""
    settings = runtime().settings
    code, album = public_codes.of_portrait_and_album(portrait)
    return {
        "code": code,
        "album": album,
        "link": f"{settings.public_url}/v/{code}",
        "only_here": settings.only_here,
        "without_camera": not settings.https,
    }


def _openness(portrait: Portrait, rules: PortraitRulesForm | None) -> dict[str, Any]:
    """Who may see it, and who has."""
    seen = visits.of_portrait(portrait.id)
    return {
        "rules": rules or _rules(portrait),
        "order": portrait.order,
        "visits": seen,
        "unfound": seen.nothing_found,
    }


def _rules(portrait: Portrait) -> PortraitRulesForm:
    values = rules_as_typed(portrait)
    return PortraitRulesForm(formdata=None, playing=portrait.playing.value, **values)


def _details(portrait: Portrait) -> DetailsForm:
    return DetailsForm(
        formdata=None,
        title=portrait.title,
        order_id=str(portrait.order_id or ""),
        version=portrait.version,
    )


def _with_orders(form: DetailsForm, portrait: Portrait) -> DetailsForm:
    """The form, with the orders of the client to choose from."""
    form.offer([*order_lists.of_client(portrait.client_id), portrait.order])
    return form


def _wishes(video: Video | None) -> WishesForm | None:
    """The form with what is wished of the video now."""
    if video is None:
        return None
    return WishesForm(
        formdata=None,
        seen=video_changes.wishes_seen_of(video),
        start_s=_seconds(video.start_s),
        end_s=_seconds(video.end_s),
        muted=video.muted,
        loop=video.loop,
        fit=video.fit.value,
        transparency=video.transparency.value,
    )


def _schedule(video: Video | None) -> ScheduleForm | None:
    if video is None:
        return None
    return ScheduleForm(
        formdata=None,
        seen=video_changes.times_seen_of(video),
        plays_from=typed_time(video.plays_from),
        plays_until=typed_time(video.plays_until),
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _pause(portrait: Portrait) -> int:
    """After how many seconds the page asks again: what takes long is asked for less often."""
    waited = (utcnow() - portrait.updated_at).total_seconds()
    return next((pause for limit, pause in _PAUSES if waited < limit), _LONGEST_PAUSE)
