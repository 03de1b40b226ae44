"""Programmes: which of a portrait's videos plays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from vertex.extensions import db
from vertex.models import Playing, Portrait, Video, VideoStatus, utcnow
from vertex.services._transaction import atomic


def now_playing(portrait: Portrait) -> Video | None:
    """Return the video that plays on the portrait now, or None."""
    return playing_of(portrait, ready_for(portrait.id))


def playing_of(portrait: Portrait, ready: Sequence[Video]) -> Video | None:
    """Return which of the videos that can be played, in the order of their turns, plays now."""
    if portrait.playing is Playing.TURN and ready:
        return ready[portrait.turn % len(ready)]
    if portrait.playing is Playing.SCHEDULE:
        now = utcnow()
        due = [video for video in ready if _is_scheduled(video) and _is_due(video, now)]
        if due:
            return max(due, key=lambda video: (video.plays_from or video.created_at, video.id))
    return next((video for video in ready if video.active), None)


def playable(portrait: Portrait, video_id: UUID) -> Video | None:
    """Return the video with this id if it may be played now.

    Of videos that take turns each may: a page goes on with the one it began with.
    """
    if portrait.playing is Playing.TURN:
        ready = ready_for(portrait.id)
        return next((video for video in ready if video.id == video_id), None)
    current = now_playing(portrait)
    return current if current is not None and current.id == video_id else None


def now_playing_on(portraits: Collection[Portrait]) -> Mapping[UUID, Video | None]:
    """Return the video that plays on each of these portraits now, or None."""
    ready = _ready([portrait.id for portrait in portraits])
    return {one.id: playing_of(one, ready.get(one.id, [])) for one in portraits}


def ready_for(portrait_id: UUID) -> Sequence[Video]:
    """Return the videos of the portrait that can be played, in the order of their turns."""
    return _ready([portrait_id]).get(portrait_id, [])


def _ready(portrait_ids: Collection[UUID]) -> Mapping[UUID, list[Video]]:
    live = select(Video).where(Video.portrait_id.in_(portrait_ids), Video.deleted_at.is_(None))
    found: dict[UUID, list[Video]] = {}
    for video in db.session.scalars(live.order_by(Video.position, Video.id)):
        if is_ready(video):
            found.setdefault(video.portrait_id, []).append(video)
    return found


def is_ready(video: Video) -> bool:
    """Tell whether a video can be played."""
    return video.status is VideoStatus.READY and video.file_key is not None


def take_turn(portrait_id: UUID) -> None:
    """Let the next video play at the next visit."""
    with atomic():
        row = update(Portrait).where(Portrait.id == portrait_id)
        # nobody has changed the portrait: its time of change stays
        values = {"turn": Portrait.turn + 1, "updated_at": Portrait.updated_at}
        db.session.execute(row.values(values))


def _is_scheduled(video: Video) -> bool:
    return video.plays_from is not None or video.plays_until is not None


def _is_due(video: Video, now: datetime) -> bool:
    begun = video.plays_from is None or video.plays_from <= now
    return begun and (video.plays_until is None or now < video.plays_until)
