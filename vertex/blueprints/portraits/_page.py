"""The page of a portrait, which several views answer with."""

from urllib.parse import urlsplit
from uuid import UUID

from vertex.blueprints.portraits.forms import VideoForm
from vertex.models import Portrait, PortraitStatus, Recognisable, utcnow
from vertex.runtime import runtime
from vertex.services import audit, portraits, public_codes, videos
from vertex.web.htmx import render_page

_PAUSES = ((20, 1), (120, 5))  # s waited, s between two questions
_LONGEST_PAUSE = 30
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def portrait_page(portrait_id: UUID, form: VideoForm | None = None) -> str:
    """The page, or the part of it that is asked for."""
    settings = runtime().settings
    portrait = portraits.get(portrait_id)
    code = public_codes.of_portrait(portrait_id)
    form = form or VideoForm()
    form.draw()
    return render_page(
        "portraits/show.html",
        fragments=("marker_state", "video_form", "timeline"),
        portrait=portrait,
        client=portrait.client,
        video=videos.active_for(portrait_id),
        code=code,
        link=f"{settings.public_url}/v/{code}",
        only_here=urlsplit(settings.public_url).hostname in _LOOPBACK,
        without_camera=not settings.https,
        working=portrait.status is PortraitStatus.PROCESSING,
        ask_again=_pause(portrait),
        failed=portrait.status is PortraitStatus.FAILED,
        recognisable=portrait.recognisable is Recognisable.YES,
        form=form,
        max_video=settings.max_video_bytes,
        events=audit.timeline(portraits.subject_of(portrait_id)),
    )


def _pause(portrait: Portrait) -> int:
    """After how many seconds the page asks again: what takes long is asked for less often."""
    waited = (utcnow() - portrait.updated_at).total_seconds()
    return next((pause for limit, pause in _PAUSES if waited < limit), _LONGEST_PAUSE)
