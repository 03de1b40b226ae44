"""The order of a portrait's videos: in it they take turns, and are shown to the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from vertex.extensions import db
from vertex.models import AuditAction, Video
from vertex.services import audit, portraits
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.videos import locked


@dataclass(frozen=True, slots=True)
class Shelf:
    """The videos of a portrait: those that are there, in their order, and those in the bin."""

    live: Sequence[Video]
    binned: Sequence[Video]

    @property
    def newest(self) -> Video | None:
        """The video that came last, ready or not."""
        return max(self.live, key=lambda video: video.id, default=None)


def shelf_of(portrait_id: UUID) -> Shelf:
    """Return all videos of a portrait, the last to come into the bin first there."""
    found = db.session.scalars(select(Video).where(Video.portrait_id == portrait_id)).all()
    live = [video for video in found if video.deleted_at is None]
    binned = [video for video in found if video.deleted_at is not None]
    return Shelf(
        sorted(live, key=lambda video: (video.position, video.id)),
        sorted(binned, key=lambda video: (video.deleted_at, video.id), reverse=True),
    )


def all_of(portrait_id: UUID) -> Sequence[Video]:
    """Return the videos of a portrait in their order, ready or not."""
    query = select(Video).where(Video.portrait_id == portrait_id, Video.deleted_at.is_(None))
    return db.session.scalars(query.order_by(Video.position, Video.id)).all()


def move(video_id: UUID, by: int, *, actor: Actor) -> bool:
    """Move a video so many places down, or up if negative; False if it is at that end already."""
    with atomic():
        video = locked(video_id)
        videos = list(all_of(video.portrait_id))
        before = videos.index(video)
        after = min(max(before + by, 0), len(videos) - 1)
        if after == before:
            return False
        videos.insert(after, videos.pop(before))
        for position, one in enumerate(videos, start=1):
            one.position = position
        subject = portraits.subject_of(video.portrait_id)
        audit.record(actor, AuditAction.VIDEO_MOVED, subject, {"video": str(video_id)})
    return True
