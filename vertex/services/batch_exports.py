"""Exports of many: folders that play by themselves, in one ZIP that waits to be fetched."""

import re
import shutil
import time
import zipfile
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from vertex.errors import DomainError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import Batch, BatchAction, Thing, utcnow, uuid7
from vertex.queue import Queue
from vertex.services import audit, batches, exports, jobs, orders, portraits, public_codes
from vertex.services._files import DamagedFileError
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import Actor
from vertex.services.exports import Export
from vertex.services.jobs import Progress
from vertex.storage import MissingFileError, Storage

EXPORT_JOB = "export.make"
KEPT = timedelta(days=1)

_REMEMBERED = timedelta(days=30)

ExportOf = Callable[[str, str], Export]


def begin(
    thing: Thing, ids: Collection[UUID], locale: str, *, user_id: UUID, queue: Queue | None
) -> Batch:
    """Return the batch whose ZIP a job is going to make, with pages in this language."""
    batches.judge(ids)
    batch = Batch(
        id=uuid7(), user_id=user_id, thing=thing, action=BatchAction.EXPORT, wanted=locale
    )
    batch.things = [str(thing_id) for thing_id in ids]
    with atomic():
        db.session.add(batch)
        jobs.add(
            EXPORT_JOB,
            subject=subject_of(batch.id),
            arguments={"batch_id": str(batch.id)},
            priority=jobs.BULK,
        )
        if queue is not None:
            after_commit(queue.wake)
    return batch


def subject_of(batch_id: UUID) -> str:
    """Return how jobs name this batch."""
    return f"batch:{batch_id}"


def progress_of(batch_id: UUID) -> float | None:
    """Return how much of the ZIP is made, or None while nobody knows."""
    return jobs.progress_of(subject_of(batch_id), EXPORT_JOB)


def make(
    batch_id: UUID, export_of: ExportOf, *, folder: Path, storage: Storage, progress: Progress
) -> None:
    """Make the ZIP of a batch; what cannot be exported is left out and told of."""
    batch = db.session.get(Batch, batch_id)
    if batch is None or batch.finished_at is not None:
        return
    thing, locale = batch.thing, batch.wanted or "en"
    actor = Actor(audit.actor_of(batch.user_id))
    ids = [UUID(text) for text in batch.things]
    folder.mkdir(parents=True, exist_ok=True)
    done: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    # of its own: a worker that is thought to be gone may still be writing another
    draft = folder / f"{batch_id}-{uuid7().hex}.part"
    names = batches.names_of(thing, ids)
    with storage.workspace() as work, zipfile.ZipFile(draft, "w") as archive:
        for index, thing_id in enumerate(ids):
            name = names.get(thing_id, "")
            try:
                code, subject = _code_of(thing, thing_id)
                export = export_of(code, locale)
                db.session.rollback()  # files are not copied inside a transaction
                exports.write(export, work / "one", storage, replace=True)
            except DomainError as error:
                db.session.rollback()
                refused.append(batches.refusal(thing_id, name, error))
            except (DamagedFileError, MissingFileError):
                shutil.rmtree(work / "one", ignore_errors=True)
                refused.append(batches.refusal(thing_id, name, InvalidError("file_damaged")))
            else:
                _pack(archive, work / "one", f"{_plain(name)} {code}".strip())
                exports.note(subject, actor=actor)
                done.append({"id": str(thing_id), "name": name, "before": None})
            progress((index + 1) / len(ids))
    if done:
        draft.rename(place_of(batch_id, folder))
    draft.unlink(missing_ok=True)
    _finish(batch_id, done, refused)


def give_up_on(batch_id: UUID) -> None:
    """Say of a batch that its ZIP could not be made."""
    with atomic():
        batch = db.session.get(Batch, batch_id, with_for_update=True)
        if batch is not None and batch.finished_at is None:
            ids = [UUID(text) for text in batch.things]
            names = batches.names_of(batch.thing, ids)
            error = InvalidError("export_failed")
            _finish(batch_id, [], [batches.refusal(one, names.get(one, ""), error) for one in ids])


def wait_again(batch_id: UUID) -> None:
    """Say of a batch that its ZIP is under way again."""
    with atomic():
        batch = db.session.get(Batch, batch_id, with_for_update=True)
        if batch is not None:
            batch.finished_at, batch.done, batch.refused = None, [], []


def place_of(batch_id: UUID, folder: Path) -> Path:
    """Return where the ZIP of a batch lies once it is made."""
    return folder / f"{batch_id}.zip"


def fetched(batch: Batch, folder: Path) -> Path:
    """Return the ZIP of a batch, or raise NotFoundError: not made yet, or gone after a day."""
    place = place_of(batch.id, folder)
    if batch.finished_at is None or not place.is_file():
        raise NotFoundError(kind="file", id=str(batch.id))
    return place


def forget_old(folder: Path) -> None:
    """Remove what nobody fetched for a day, and what was done to many long ago."""
    oldest = time.time() - KEPT.total_seconds()
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
    with atomic():
        db.session.execute(delete(Batch).where(Batch.created_at < utcnow() - _REMEMBERED))


def _code_of(thing: Thing, thing_id: UUID) -> tuple[str, str]:
    if thing is Thing.ORDER:
        orders.get(thing_id)
        return orders.album_code(thing_id), orders.subject_of(thing_id)
    portraits.get(thing_id)
    return public_codes.of_portrait(thing_id), portraits.subject_of(thing_id)


def _pack(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            # films and pictures are small already
            archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    shutil.rmtree(folder)


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^\w .-]+", "_", name).strip(" .")[:60]


def _finish(batch_id: UUID, done: list[dict[str, Any]], refused: list[dict[str, Any]]) -> None:
    with atomic():
        batch = db.session.get(Batch, batch_id, with_for_update=True)
        if batch is not None:
            batch.done, batch.refused, batch.finished_at = done, refused, utcnow()
