"""Films: what plays of a video, made from its source."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.media import RefusedFileError
from vertex.media import videos as media
from vertex.media.plan import Wishes
from vertex.models import AuditAction, NotificationType, Transparency, Video, VideoStatus
from vertex.queue import Queue
from vertex.services import audit, loose_files, notifications, portraits, videos
from vertex.services._files import DamagedFileError, NewFiles, new_files, verified_path
from vertex.services._transaction import atomic
from vertex.services.audit import SYSTEM
from vertex.storage import MissingFileError, Storage

NOT_MADE = "not_made"

_DAMAGED = "source_damaged"


@dataclass(frozen=True, slots=True)
class _Waiting:
    video_id: UUID
    revision: int
    source_key: str
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class _Keys:
    film: str
    small: str | None
    flat: str | None
    poster: str


def convert(
    *, video_id: UUID, revision: int, storage: Storage, progress: Callable[[float], object]
) -> None:
    """Make the films of a video; one that waits for other ones, or for none, is left as it is."""
    waiting = _find_waiting(video_id, revision)
    if waiting is None:
        return
    with storage.workspace() as workspace, new_files(storage) as files:
        try:
            with verified_path(storage, waiting.source_key) as source:
                made = media.convert(source, workspace, waiting.wishes, progress)
        except RefusedFileError as error:
            _refuse(video_id, revision, error.code)
        except (DamagedFileError, MissingFileError):
            _refuse(video_id, revision, _DAMAGED)
        else:
            keys = _store(made, video_id, files)
            if not _note(waiting, made, keys, files, storage):
                files.remove()


def give_up_on(video_id: UUID, revision: int) -> None:
    """Say of a video that its films could not be made after several attempts."""
    _fail(video_id, revision, NOT_MADE)


def wait_again(video_id: UUID, revision: int) -> None:
    """Say of a video that was given up that its films are under way after all."""
    with atomic():
        video = _still_waiting(video_id, revision)
        if video is not None:
            _forget_failure(video)


def try_again(video_id: UUID, *, queue: Queue | None = None) -> None:
    """Begin anew to make the films of a video that failed."""
    with atomic():
        video = videos.locked(video_id)
        if video.reason is not None:
            _forget_failure(video)
            videos.add_conversion(video, queue)


def _forget_failure(video: Video) -> None:
    video.reason = None
    if video.status is VideoStatus.FAILED:
        video.status = VideoStatus.PROCESSING


def _find_waiting(video_id: UUID, revision: int) -> _Waiting | None:
    try:
        video = videos.get(video_id)
    except NotFoundError:  # moved to the bin while the job was waiting
        return None
    found = None
    if video.revision == revision and video.made_revision != revision:
        wishes = Wishes(video.start_s, video.end_s, video.muted, video.transparency.value)
        found = _Waiting(video_id, revision, video.source_key, wishes)
    db.session.rollback()  # films are not made inside a transaction
    return found


def _store(made: media.ConvertedVideo, owner: UUID, files: NewFiles) -> _Keys:
    return _Keys(
        film=_put(made.large.path, owner, files),
        small=None if made.small is None else _put(made.small.path, owner, files),
        flat=None if made.flat is None else _put(made.flat, owner, files),
        poster=files.put("previews", owner, io.BytesIO(made.poster), "jpg"),
    )


def _put(path: Path, owner: UUID, files: NewFiles) -> str:
    with path.open("rb") as content:
        return files.put("videos", owner, content, "mp4")


def _note(
    waiting: _Waiting,
    made: media.ConvertedVideo,
    keys: _Keys,
    files: NewFiles,
    storage: Storage,
) -> bool:
    """Note the films in the row, unless others are wanted by now; the old ones are removed."""
    with atomic():
        video = _still_waiting(waiting.video_id, waiting.revision)
        if video is None:
            return False
        files.settle()
        old = {video.file_key, video.small_key, video.flat_key, video.poster_key}
        video.file_key, video.small_key, video.poster_key = keys.film, keys.small, keys.poster
        video.flat_key = keys.flat
        half = 2 if video.transparency is not Transparency.NONE else 1
        video.width, video.height = made.large.width // half, made.large.height
        video.duration_s, video.has_sound = made.duration, made.has_sound
        video.findings = [asdict(finding) for finding in made.findings]
        first = video.made_revision is None
        video.made_revision, video.reason = waiting.revision, None
        video.status = VideoStatus.READY
        if first and not _overtaken(video):
            videos.activate(video)
        _record(video, AuditAction.VIDEO_CONVERTED)
        unused = old - {keys.film, keys.small, keys.flat, keys.poster, video.source_key}
        loose_files.drop(unused, storage)
    return True


def _overtaken(video: Video) -> bool:
    """Whether a newer video plays on the portrait already."""
    active = videos.active_for(video.portrait_id)
    return active is not None and active.id > video.id


def _refuse(video_id: UUID, revision: int, reason: str) -> None:
    """Say of a video that nothing can be made of it, and tell those who run the studio."""
    with atomic():
        video = _fail(video_id, revision, reason)
        if video is not None:
            subject = portraits.subject_of(video.portrait_id)
            notifications.tell_admins(NotificationType.VIDEO_FAILED, {}, subject)


def _fail(video_id: UUID, revision: int, reason: str) -> Video | None:
    with atomic():
        video = _still_waiting(video_id, revision)
        if video is not None:
            video.reason = reason
            if video.file_key is None:
                video.status = VideoStatus.FAILED
            _record(video, AuditAction.VIDEO_FAILED, reason=reason)
    return video


def _still_waiting(video_id: UUID, revision: int) -> Video | None:
    """The row, held; None if it lies in the bin or other films are wanted by now."""
    try:
        video = videos.locked(video_id)
    except NotFoundError:
        return None
    return video if video.revision == revision else None


def _record(video: Video, action: AuditAction, **details: str) -> None:
    subject = portraits.subject_of(video.portrait_id)
    audit.record(SYSTEM, action, subject, {"video": str(video.id), **details})
