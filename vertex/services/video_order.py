"""The order of a portrait's videos: in it they take turns, and are shown to the staff."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from vertex.extensions import db
from vertex.models import AuditAction, Video
from vertex.services import audit, portraits
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.videos import locked


def all_of(portrait_id: UUID) -> Sequence[Video]:
    """Return the videos of a portrait in their order, ready or not."""
    query = select(Video).where(Video.portrait_id == portrait_id, Video.deleted_at.is_(None))
    return db.session.scalars(query.order_by(Video.position, Video.id)).all()


def with_bin(portrait_id: UUID) -> tuple[Sequence[Video], Sequence[Video]]:
    """Return the same, and those that lie in the bin, the last to come there first."""
    query = select(Video).where(Video.portrait_id == portrait_id)
    order = (Video.deleted_at.desc(), Video.position, Video.id)
    found = db.session.scalars(query.order_by(*order)).all()
    live = [video for video in found if video.deleted_at is None]
    return live, [video for video in found if video.deleted_at is not None]


def move(video_id: UUID, by: int, *, actor: Actor) -> bool:
    """Move a video so many places down, or up if negative; False if it is at that end already."""
    with atomic():
        portraits.hold(locked(video_id).portrait_id)  # two at once would mix their orders
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
