"""Files sent piece by piece: what has arrived stays, whatever breaks off."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select, update

from vertex.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from vertex.extensions import db
from vertex.models import Upload, utcnow, uuid7
from vertex.models.folding import without_nul
from vertex.services._transaction import atomic

KEPT = timedelta(days=1)

_CHUNK = 1 << 18
_MEGABYTE = 1024**2
_LEFT_FREE = 500 * _MEGABYTE  # on the disk, beside what is expected


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of an upload is here, in bytes."""

    upload: Upload
    offset: int

    @property
    def complete(self) -> bool:
        """Whether all of it is here."""
        return self.offset == self.upload.size


def begin(
    *, user_id: UUID, filename: str, size: int, limit: int, folder: Path, kind: str = "video"
) -> Upload:
    """Return a new upload of which nothing is here yet, or refuse what is too large."""
    if size > limit:
        found = -(-size // _MEGABYTE)
        raise TooLargeError(f"{kind}_bytes", field=kind, found=found, limit=limit // _MEGABYTE)
    if size < 1:
        raise InvalidError("upload_empty", field="video")
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + _LEFT_FREE:
        raise TooLargeError("disk_full", field="video")
    upload = Upload(
        id=uuid7(),
        user_id=user_id,
        filename=without_nul(filename)[:200],
        size=size,
        expires_at=utcnow() + KEPT,
    )
    _place(folder, upload.id).touch(exist_ok=False)
    with atomic():
        db.session.add(upload)
    return upload


def look(upload_id: UUID, *, user_id: UUID, folder: Path) -> Progress:
    """Return how much of this user's upload is here."""
    upload = db.session.get(Upload, upload_id)
    if upload is None or upload.user_id != user_id or upload.expires_at <= utcnow():
        raise NotFoundError(kind="upload", id=str(upload_id))
    try:
        return Progress(upload, _place(folder, upload_id).stat().st_size)
    except FileNotFoundError:
        raise NotFoundError(kind="upload", id=str(upload_id)) from None


def append(upload: Upload, offset: int, pieces: Iterator[bytes], *, folder: Path) -> int:
    """Return how much is here after these pieces were added; what arrived of them stays.

    ConflictError if they do not follow what is here, or if others are being added.
    """
    upload_id, size = upload.id, upload.size
    db.session.rollback()  # a slow line must not hold a connection
    with _for_writing(_place(folder, upload_id)) as file:
        here = file.seek(0, os.SEEK_END)
        if here != offset:
            raise ConflictError("upload_offset", here=here)
        here = _write(file, here, size, pieces)
    with atomic():
        alive = update(Upload).where(Upload.id == upload_id)
        db.session.execute(alive.values(expires_at=utcnow() + KEPT))
    return here


def open_complete(upload_id: UUID, *, user_id: UUID, folder: Path) -> tuple[BinaryIO, str]:
    """Return the content of an upload that is all here, opened, and the name it came with."""
    progress = look(upload_id, user_id=user_id, folder=folder)
    if not progress.complete:
        raise InvalidError("upload_incomplete", field="video")
    return _place(folder, upload_id).open("rb"), progress.upload.filename


def forget(upload_id: UUID, *, user_id: UUID, folder: Path) -> None:
    """Remove an upload that was used or is not wanted; a missing one is no error."""
    with atomic():
        upload = db.session.get(Upload, upload_id)
        if upload is None or upload.user_id != user_id:
            return
        db.session.delete(upload)
    _place(folder, upload_id).unlink(missing_ok=True)


def forget_old(folder: Path) -> int:
    """Remove uploads that nobody went on with for a day; how many there were."""
    now = utcnow()
    with atomic():
        old: Sequence[Upload] = db.session.scalars(
            select(Upload).where(Upload.expires_at <= now).limit(1000)
        ).all()
        names = [upload.id for upload in old]
        for upload in old:
            db.session.delete(upload)
    for upload_id in names:
        _place(folder, upload_id).unlink(missing_ok=True)
    return len(names)


def _write(file: BinaryIO, here: int, size: int, pieces: Iterator[bytes]) -> int:
    """Add the pieces, and keep what came of them whatever ends them; where the end is now."""
    try:
        for piece in pieces:
            if here + len(piece) > size:
                raise InvalidError("upload_longer", field="video")
            file.write(piece)
            here += len(piece)
        file.flush()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise TooLargeError("disk_full", field="video") from None
    finally:
        with suppress(OSError):
            file.flush()
    if here == size:
        os.fsync(file.fileno())
    return here


def _place(folder: Path, upload_id: UUID) -> Path:
    return folder / f"{upload_id}.part"


@contextmanager
def _for_writing(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        raise NotFoundError(kind="upload", id=path.stem) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError("upload_busy") from None
        yield file
