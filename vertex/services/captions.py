"""Captions of videos: what is said, for those who cannot hear it."""

import io
from typing import BinaryIO
from uuid import UUID

from vertex.media import captions as media
from vertex.models import AuditAction, Video
from vertex.services import audit, loose_files, portraits, videos
from vertex.services._files import new_files, refusals
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.storage import Storage

LANGUAGES = ("ru", "en")
_FIELD = "captions"


def attach(
    video_id: UUID, source: BinaryIO, *, language: str, actor: Actor, storage: Storage
) -> Video:
    """Give a video captions in place of those it had; a refused file changes nothing."""
    with refusals(_FIELD, media.ACCEPTED):
        content = media.prepare(source)
    with new_files(storage) as files:
        key = files.put("previews", video_id, io.BytesIO(content), "vtt")
        with atomic():
            files.settle()
            video = _put(video_id, key, language, actor, storage)
    return video


def remove(video_id: UUID, *, actor: Actor, storage: Storage) -> Video:
    """Take a video's captions away."""
    with atomic():
        return _put(video_id, None, None, actor, storage)


def _put(
    video_id: UUID, key: str | None, language: str | None, actor: Actor, storage: Storage
) -> Video:
    video = videos.locked(video_id)
    old, video.captions_key, video.captions_language = video.captions_key, key, language
    subject = portraits.subject_of(video.portrait_id)
    audit.record(actor, AuditAction.VIDEO_CHANGED, subject, {"video": str(video.id)})
    if old is not None and old != key:
        loose_files.drop([old], storage)
    return video
