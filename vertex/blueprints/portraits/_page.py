"""The page of a portrait, which several views answer with."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from vertex.blueprints.portraits.forms import (
    CaptionsForm,
    PortraitRulesForm,
    ScheduleForm,
    VideoForm,
    WishesForm,
)
from vertex.models import Portrait, PortraitStatus, Recognisable, Video, utcnow
from vertex.runtime import runtime
from vertex.services import audit, portraits, programmes, public_codes, videos, visits
from vertex.web.findings import failure_in_words, in_words
from vertex.web.htmx import render_page
from vertex.web.rules import rules_as_typed, typed_time

_PAUSES = ((20, 1), (120, 5))  # s waited, s between two questions
_LONGEST_PAUSE = 30


def portrait_page(
    portrait_id: UUID,
    form: VideoForm | None = None,
    wishes: WishesForm | None = None,
    rules: PortraitRulesForm | None = None,
    schedule: tuple[UUID, ScheduleForm] | None = None,
    captions: CaptionsForm | None = None,
) -> str:
    """The page, or the part of it that is asked for."""
    portrait = portraits.get(portrait_id, with_people=True)
    own = videos.all_for(portrait_id)
    video = next(iter(own), None)
    form, captions = form or VideoForm(), captions or CaptionsForm(formdata=None)
    form.draw()
    return render_page(
        "portraits/show.html",
        fragments=(
            "marker_state",
            "video_state",
            "video_form",
            "wishes_form",
            "rules_form",
            "timeline",
        ),
        portrait=portrait,
        client=portrait.client,
        video=video,
        converting=None if video is None else videos.progress_of(video),
        trouble=failure_in_words(video.reason) if video and video.reason else None,
        findings=in_words(video.findings) if video else [],
        wishes=wishes or _wishes(video),
        videos=_programme(portrait, own, schedule),
        **_openness(portrait, rules),
        **_address(portrait),
        **_marker(portrait),
        form=form,
        captions=captions,
        max_video=runtime().settings.max_video_bytes,
        events=audit.timeline(portraits.subject_of(portrait_id)),
    )


def _wishes(video: Video | None) -> WishesForm | None:
    """The form with what is wished of the video now."""
    if video is None:
        return None
    return WishesForm(
        formdata=None,
        start_s=_seconds(video.start_s),
        end_s=_seconds(video.end_s),
        muted=video.muted,
        loop=video.loop,
        fit=video.fit.value,
        transparency=video.transparency.value,
    )


def _marker(portrait: Portrait) -> dict[str, Any]:
    """How far its marker is, and when to ask again."""
    return {
        "working": portrait.status is PortraitStatus.PROCESSING,
        "ask_again": _pause(portrait),
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


def _programme(
    portrait: Portrait, own: Sequence[Video], refused: tuple[UUID, ScheduleForm] | None
) -> list[tuple[Video, ScheduleForm, bool]]:
    """Each video that can be played, when it plays, and whether it does now; the newest first."""
    ready = [video for video in own if programmes.is_ready(video)]
    playing = programmes.playing_of(portrait, ready[::-1])
    return [(video, _schedule(video, refused), video == playing) for video in ready]


def _openness(portrait: Portrait, rules: PortraitRulesForm | None) -> dict[str, Any]:
    """Who may see it, and who has."""
    seen = visits.of_portrait(portrait.id)
    return {
        "rules": rules or _rules(portrait),
        "has_pin": portrait.pin_hash is not None,
        "order": portrait.order,
        "visits": seen,
        "unfound": seen.nothing_found,
    }


def _rules(portrait: Portrait) -> PortraitRulesForm:
    values = rules_as_typed(portrait)
    return PortraitRulesForm(formdata=None, playing=portrait.playing.value, **values)


def _schedule(video: Video, refused: tuple[UUID, ScheduleForm] | None) -> ScheduleForm:
    if refused is not None and refused[0] == video.id:
        return refused[1]
    form = ScheduleForm(
        formdata=None,
        plays_from=typed_time(video.plays_from),
        plays_until=typed_time(video.plays_until),
    )
    for field in form:
        field.id = f"{field.name}_{video.id}"  # there is one form for each
    return form


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _pause(portrait: Portrait) -> int:
    """After how many seconds the page asks again: what takes long is asked for less often."""
    waited = (utcnow() - portrait.updated_at).total_seconds()
    return next((pause for limit, pause in _PAUSES if waited < limit), _LONGEST_PAUSE)
