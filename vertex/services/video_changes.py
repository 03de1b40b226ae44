"""How and when a video plays: changed by somebody who knows what it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vertex.errors import InvalidError
from vertex.media import videos as media
from vertex.models import AuditAction, Fit, Transparency, Video
from vertex.queue import Queue
from vertex.services._seen import check_seen, fingerprint
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.videos import add_conversion, locked, record


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the studio wants of a video; seconds are of the source, None is its own end."""

    start_s: float | None = None
    end_s: float | None = None
    muted: bool = False
    loop: bool = True
    fit: Fit = Fit.COVER
    transparency: Transparency = Transparency.NONE


def wishes_seen_of(video: Video) -> str:
    """Return a word for how a video plays now, by which a change says what it knows of."""
    return fingerprint(*_made_by(video), video.loop, video.fit.value)


def times_seen_of(video: Video) -> str:
    """Return such a word for the times between which it plays."""
    return fingerprint(video.plays_from, video.plays_until)


def change(
    video_id: UUID,
    wishes: Wishes,
    *,
    actor: Actor,
    queue: Queue | None = None,
    seen: str | None = None,
) -> Video:
    """Change how a video plays; its films are made anew where that needs it.

    ConflictError if it does not play as was `seen`.
    """
    with atomic():
        video = locked(video_id)
        check_seen(seen, wishes_seen_of(video))
        _judge(video, wishes)
        before = _made_by(video)
        video.loop, video.fit, video.muted = wishes.loop, wishes.fit, wishes.muted
        video.start_s, video.end_s = wishes.start_s, wishes.end_s
        video.transparency = wishes.transparency
        record(actor, AuditAction.VIDEO_CHANGED, video)
        if _made_by(video) != before:
            video.revision += 1
            add_conversion(video, queue)
    return video


def schedule(
    video_id: UUID,
    *,
    begins: datetime | None,
    ends: datetime | None,
    actor: Actor,
    seen: str | None = None,
) -> Video:
    """Set between which times a video plays, where its portrait's videos go by time.

    ConflictError if these are not the times that were `seen`.
    """
    if begins and ends and ends <= begins:
        raise InvalidError("closes_before_it_opens", field="plays_until")
    with atomic():
        video = locked(video_id)
        check_seen(seen, times_seen_of(video))
        video.plays_from, video.plays_until = begins, ends
        record(actor, AuditAction.VIDEO_CHANGED, video)
    return video


def _made_by(video: Video) -> tuple[object, ...]:
    """What the films depend on."""
    return video.start_s, video.end_s, video.muted, video.transparency


def _judge(video: Video, wishes: Wishes) -> None:
    length = float(video.facts.get("duration") or video.duration_s)
    start, end = wishes.start_s or 0.0, length if wishes.end_s is None else wishes.end_s
    if not 0 <= start < length:
        raise InvalidError("trim_outside", field="start_s", length=f"{length:.1f}")
    if not 0 < end <= length + 0.05:
        raise InvalidError("trim_outside", field="end_s", length=f"{length:.1f}")
    if end - start < media.MIN_SECONDS:
        raise InvalidError("trim_short", field="end_s")
    picture = video.facts.get("picture") or {}
    if wishes.transparency is Transparency.ALPHA and not picture.get("alpha"):
        raise InvalidError("no_alpha", field="transparency")
