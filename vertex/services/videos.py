"""Videos: what plays on a portrait, one at a time."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select, update

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.media import videos as media
from vertex.models import AuditAction, Portrait, Video, uuid7
from vertex.models.folding import without_nul
from vertex.services import audit, portraits, submissions
from vertex.services._files import NewFiles, copy_to, judge_size, new_files, refusals
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.storage import Storage

MAX_BYTES = 250 * 1024**2

_FIELD = "video"


@dataclass(frozen=True, slots=True)
class VideoDraft:
    """An accepted video, clean in a workspace, of which nothing is stored yet."""

    prepared: media.PreparedVideo


def get(video_id: UUID) -> Video:
    """Return a video that is not in the bin."""
    video = db.session.get(Video, video_id)
    if video is None or video.deleted_at is not None:
        raise NotFoundError(kind="video", id=str(video_id))
    return video


def active_for(portrait_id: UUID) -> Video | None:
    """Return the video that plays on this portrait."""
    query = select(Video).where(
        Video.portrait_id == portrait_id, Video.active, Video.deleted_at.is_(None)
    )
    return db.session.scalar(query)


def attach(
    *,
    portrait_id: UUID,
    video: BinaryIO,
    filename: str,
    actor: Actor,
    storage: Storage,
    max_bytes: int = MAX_BYTES,
    submission: str | None = None,
) -> Video:
    """Return the stored video, which from now on plays on the portrait."""
    if submission is not None:
        submissions.check(submission)
    with storage.workspace() as workspace, new_files(storage) as files:
        draft = prepare(video, workspace, max_bytes=max_bytes)
        row = store(draft, portrait_id, files)
        with atomic():
            if submission is not None:
                submissions.note(submission, portraits.subject_of(portrait_id))
            portraits.get(portrait_id)
            add(row, filename=filename, actor=actor)
    return row


def prepare(video: BinaryIO, workspace: Path, *, max_bytes: int = MAX_BYTES) -> VideoDraft:
    """Judge a video and make its clean copy and poster, or raise InvalidError."""
    judge_size(video, max_bytes, kind="video", field=_FIELD)
    source = copy_to(video, workspace / "source")
    with refusals(_FIELD, media.ACCEPTED):
        return VideoDraft(media.prepare(source, workspace))


def store(draft: VideoDraft, portrait_id: UUID, files: NewFiles) -> Video:
    """Store the files of a draft and return the row that belongs to them, not yet added."""
    video_id, prepared = uuid7(), draft.prepared
    with prepared.path.open("rb") as content:
        file_key = files.put("videos", video_id, content, "mp4")
    return Video(
        id=video_id,
        portrait_id=portrait_id,
        file_key=file_key,
        poster_key=files.put("previews", video_id, io.BytesIO(prepared.poster), "jpg"),
        duration_s=prepared.duration,
        width=prepared.width,
        height=prepared.height,
        has_sound=prepared.has_sound,
        facts=prepared.facts,
    )


def add(video: Video, *, filename: str, actor: Actor) -> None:
    """Add the row as the active one of its portrait."""
    others = (Video.portrait_id == video.portrait_id, Video.active)
    with atomic():
        lock = select(Portrait.id).where(Portrait.id == video.portrait_id).with_for_update()
        db.session.execute(lock)  # two at once would both be active
        db.session.execute(update(Video).where(*others).values(active=False))
        video.active = True
        db.session.add(video)
        details = {"file": without_nul(filename)[:200], "video": str(video.id)}
        audit.record(
            actor, AuditAction.VIDEO_ATTACHED, portraits.subject_of(video.portrait_id), details
        )
