"""Videos: what plays on a portrait, one at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Select, func, select, update

from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.media import videos as media
from vertex.models import (
    AuditAction,
    Job,
    Portrait,
    Transparency,
    Video,
    utcnow,
    uuid7,
)
from vertex.models.folding import without_nul
from vertex.queue import Queue
from vertex.services import audit, jobs, portraits, submissions
from vertex.services._files import NewFiles, judge_size, new_files, path_of, refusals
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import Actor
from vertex.storage import Storage

CONVERT_JOB = "video.convert"
MAX_BYTES = 1024**3

_FIELD = "video"


@dataclass(frozen=True, slots=True)
class VideoDraft:
    """An accepted video, of which nothing is stored yet."""

    path: Path
    judged: media.JudgedVideo


def get(video_id: UUID) -> Video:
    """Return a video that is not in the bin."""
    video = db.session.get(Video, video_id)
    if video is None or video.deleted_at is not None:
        raise NotFoundError(kind="video", id=str(video_id))
    return video


def active_for(portrait_id: UUID) -> Video | None:
    """Return the video that plays on this portrait."""
    query = _live(portrait_id).where(Video.active)
    return db.session.scalar(query)


def newest_for(portrait_id: UUID) -> Video | None:
    """Return the video of this portrait that came last, ready or not."""
    return db.session.scalars(_live(portrait_id).order_by(Video.id.desc()).limit(1)).first()


def any_for(portrait_ids: Collection[UUID]) -> bool:
    """Tell whether one of these portraits has a video, ready or not."""
    query = select(Video.id).where(Video.portrait_id.in_(portrait_ids), Video.deleted_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def attach(
    *,
    portrait_id: UUID,
    video: BinaryIO,
    filename: str,
    actor: Actor,
    storage: Storage,
    queue: Queue | None = None,
    max_bytes: int = MAX_BYTES,
    submission: str | None = None,
) -> Video:
    """Return the stored video, which plays on the portrait as soon as its films are made."""
    if submission is not None:
        submissions.check(submission)
    with storage.workspace() as workspace, new_files(storage) as files:
        draft = prepare(video, workspace, max_bytes=max_bytes)
        row = store(draft, portrait_id, files)
        with atomic():
            files.settle()
            if submission is not None:
                submissions.note(submission, portraits.subject_of(portrait_id))
            portraits.hold(portrait_id)
            add(row, filename=filename, actor=actor, queue=queue)
    return row


def prepare(video: BinaryIO, workspace: Path, *, max_bytes: int = MAX_BYTES) -> VideoDraft:
    """Judge a video, or raise InvalidError."""
    judge_size(video, max_bytes, kind="video", field=_FIELD)
    path = path_of(video, workspace / "source")
    with refusals(_FIELD, media.ACCEPTED):
        return VideoDraft(path, media.judge(path))


def store(draft: VideoDraft, portrait_id: UUID, files: NewFiles) -> Video:
    """Store the source of a draft and return the row that belongs to it, not yet added."""
    video_id, judged = uuid7(), draft.judged
    with draft.path.open("rb") as content:
        source_key = files.put("videos", video_id, content, judged.container.extension)
    return Video(
        id=video_id,
        portrait_id=portrait_id,
        source_key=source_key,
        duration_s=judged.duration,
        width=judged.width,
        height=judged.height,
        has_sound=judged.has_sound,
        facts=judged.facts,
        transparency=Transparency.ALPHA if judged.has_alpha else Transparency.NONE,
        revision=1,
    )


def add(
    video: Video,
    *,
    filename: str,
    actor: Actor,
    queue: Queue | None,
    priority: int = jobs.NORMAL,
) -> None:
    """Add the row together with the job that makes its films and the record."""
    with atomic():
        last = select(func.max(Video.position)).where(Video.portrait_id == video.portrait_id)
        video.position = (db.session.scalar(last) or 0) + 1
        db.session.add(video)
        details = {"file": without_nul(filename)[:200], "video": str(video.id)}
        subject = portraits.subject_of(video.portrait_id)
        audit.record(actor, AuditAction.VIDEO_ATTACHED, subject, details)
        add_conversion(video, queue, priority)


def choose(video_id: UUID, *, actor: Actor) -> Video:
    """Have this video play on its portrait."""
    with atomic():
        video = locked(video_id)
        if video.file_key is None:
            raise ConflictError("video_not_ready")
        activate(video)
        record(actor, AuditAction.VIDEO_ACTIVATED, video)
    return video


def move_to_bin(video_id: UUID, *, actor: Actor) -> Video:
    """Move a video to the bin; if it was the chosen one, the newest of the others is."""
    with atomic():
        video = locked(video_id)
        video.deleted_at = utcnow()
        was_active, video.active = video.active, False
        db.session.flush()
        record(actor, AuditAction.VIDEO_BINNED, video)
        if was_active:
            ready = _live(video.portrait_id).where(Video.file_key.is_not(None))
            newest = db.session.scalars(ready.order_by(Video.id.desc()).limit(1)).first()
            if newest is not None:
                activate(newest)
    return video


def restore(video_id: UUID, *, of: UUID, actor: Actor, queue: Queue | None = None) -> Video:
    """Put a video `of` this portrait back from the bin; it plays only if no other one does."""
    with atomic():
        portraits.hold(of)
        video = db.session.get(Video, video_id, with_for_update=True)
        if video is None or video.portrait_id != of:
            raise NotFoundError(kind="video", id=str(video_id))
        if video.deleted_at is not None:
            video.deleted_at = None
            db.session.flush()
            if video.file_key is not None and active_for(video.portrait_id) is None:
                activate(video)
            if video.made_revision != video.revision and video.reason is None:
                # films that were not made while it lay in the bin
                add_conversion(video, queue)
            record(actor, AuditAction.VIDEO_RESTORED, video)
    return video


def activate(video: Video) -> None:
    """Have a video play on its portrait from now on, whose row the caller has locked."""
    others = (Video.portrait_id == video.portrait_id, Video.active, Video.id != video.id)
    db.session.execute(update(Video).where(*others).values(active=False))
    db.session.flush()  # the database allows one at a time
    video.active = True


def locked(video_id: UUID) -> Video:
    """Return a video that nobody else changes until the transaction ends.

    Its portrait is locked first: two at once would make two videos active, or mix their order.
    """
    portrait_id = select(Video.portrait_id).where(Video.id == video_id).scalar_subquery()
    db.session.execute(select(Portrait.id).where(Portrait.id == portrait_id).with_for_update())
    video = db.session.get(Video, video_id, with_for_update=True, populate_existing=True)
    if video is None or video.deleted_at is not None:
        raise NotFoundError(kind="video", id=str(video_id))
    return video


def progress_of(video: Video) -> float | None:
    """How much of its films is made, 0 to 1; None if none are being made."""
    job = jobs.latest(portraits.subject_of(video.portrait_id), CONVERT_JOB).get(CONVERT_JOB)
    return progress_by(video, job)


def progress_by(video: Video, job: Job | None) -> float | None:
    """How much of its films the last job of its portrait's has made; None if none are made."""
    if video.made_revision == video.revision or job is None or job.state not in jobs.OPEN:
        return None
    return job.progress or 0.0


def _live(portrait_id: UUID) -> Select[Video]:
    return select(Video).where(Video.portrait_id == portrait_id, Video.deleted_at.is_(None))


def add_conversion(video: Video, queue: Queue | None, priority: int = jobs.NORMAL) -> None:
    """Have the films of a video made that its wishes ask for now."""
    arguments = {"video_id": str(video.id), "revision": video.revision}
    subject = portraits.subject_of(video.portrait_id)
    jobs.add(CONVERT_JOB, subject=subject, arguments=arguments, priority=priority)
    if queue is not None:
        after_commit(queue.wake)


def record(actor: Actor, action: AuditAction, video: Video) -> None:
    """Note what was done to a video, in the story of its portrait."""
    subject = portraits.subject_of(video.portrait_id)
    audit.record(actor, action, subject, {"video": str(video.id)})
