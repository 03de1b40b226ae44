"""Imports: what a file holds, row by row, and what became of each row."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete, func, select

from vertex.errors import ConflictError, DomainError, NotFoundError
from vertex.extensions import db
from vertex.models import Import, ImportKind, ImportRow, ImportState, RowState, utcnow, uuid7
from vertex.models.folding import without_nul
from vertex.queue import Queue
from vertex.services import jobs
from vertex.services._transaction import after_commit, atomic

IMPORT_JOB = "import.run"
KEPT = timedelta(days=1)

_REMEMBERED = timedelta(days=30)
_PAGE = 100
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Planned:
    """A row as it was looked at: what is in it, and what is wrong with it."""

    content: Mapping[str, Any]
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a file, and names of files in it that belong to no row."""

    rows: Sequence[Planned]
    left_out: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of an import; `after` is where the next ones begin, None at the end."""

    rows: Sequence[ImportRow]
    after: int | None


def keep(plan: Plan, kind: ImportKind, *, import_id: UUID, filename: str, user_id: UUID) -> Import:
    """Return the stored import of which nothing is made yet."""
    kept = Import(
        id=import_id,
        user_id=user_id,
        kind=kind,
        filename=without_nul(filename)[:200],
        left_out=list(plan.left_out[:200]),
    )
    with atomic():
        db.session.add(kept)
        db.session.flush()  # the rows refer to it
        for position, row in enumerate(plan.rows, start=1):
            db.session.add(_row(import_id, position, row))
    return kept


def get(import_id: UUID, *, user_id: UUID | None) -> Import:
    """Return an import of this user's, or with None of anybody's."""
    found = db.session.get(Import, import_id)
    if found is None or user_id not in (None, found.user_id):
        raise NotFoundError(kind="import", id=str(import_id))
    return found


def latest(*, user_id: UUID, limit: int = 10) -> Sequence[Import]:
    """Return the imports of this user, the newest first."""
    query = select(Import).where(Import.user_id == user_id).order_by(Import.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def counted(import_ids: Collection[UUID]) -> Mapping[UUID, Mapping[RowState, int]]:
    """Return how many rows of these imports are in each state."""
    query = (
        select(ImportRow.import_id, ImportRow.state, func.count())
        .where(ImportRow.import_id.in_(import_ids))
        .group_by(ImportRow.import_id, ImportRow.state)
    )
    counts = {import_id: dict.fromkeys(RowState, 0) for import_id in import_ids}
    for import_id, state, count in db.session.execute(query):
        counts[import_id][state] = count
    return counts


def rows_of(import_id: UUID, *, after: int = 0, only_wrong: bool = False) -> Page:
    """Return the rows of an import in their order, all or those with something wrong."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.position > after)
    if only_wrong:
        query = query.where(ImportRow.state.in_((RowState.WRONG, RowState.FAILED)))
    found = db.session.scalars(query.order_by(ImportRow.position).limit(_PAGE + 1)).all()
    page = found[:_PAGE]
    return Page(page, page[-1].position if len(found) > _PAGE else None)


def all_rows(import_id: UUID) -> Iterator[ImportRow]:
    """Return every row of an import in their order, some at a time."""
    after: int | None = 0
    while after is not None:
        page = rows_of(import_id, after=after)
        yield from page.rows
        after = page.after


def start(import_id: UUID, *, user_id: UUID, queue: Queue | None) -> Import:
    """Have a job carry out what was looked at; ConflictError if that was said before."""
    with atomic():
        found = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
        if found is None or found.user_id != user_id:
            raise NotFoundError(kind="import", id=str(import_id))
        if found.state is not ImportState.CHECKED:
            raise ConflictError("import_begun")
        if not counted([import_id])[import_id][RowState.WAITING]:
            raise ConflictError("import_nothing")
        found.state = ImportState.RUNNING
        jobs.add(
            IMPORT_JOB,
            subject=subject_of(import_id),
            arguments={"import_id": str(import_id)},
            priority=jobs.BULK,
        )
        if queue is not None:
            after_commit(queue.wake)
    return found


def subject_of(import_id: UUID) -> str:
    """Return how jobs name this import."""
    return f"import:{import_id}"


def waiting(import_id: UUID) -> Sequence[ImportRow]:
    """Return the rows that are still to be carried out, in their order."""
    query = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.state == RowState.WAITING
    )
    return db.session.scalars(query.order_by(ImportRow.position)).all()


def note_done(row_id: UUID, subject: str) -> None:
    """Note what a row has made."""
    with atomic():
        row = db.session.get_one(ImportRow, row_id)
        row.state, row.subject = RowState.DONE, subject


def note_failed(row_id: UUID, error: DomainError) -> None:
    """Note why a row was refused after all."""
    with atomic():
        row = db.session.get_one(ImportRow, row_id)
        row.state, row.code, row.params = RowState.FAILED, error.code, _shown(error)


def end(import_id: UUID, state: ImportState, folder: Path) -> None:
    """Say that an import is over, and remove its file if all rows were seen to."""
    with atomic():
        found = db.session.get(Import, import_id, with_for_update=True)
        if found is not None:
            found.state = state
    if state is ImportState.DONE:
        place_of(import_id, folder).unlink(missing_ok=True)


def give_up(import_id: UUID, *, user_id: UUID, folder: Path) -> None:
    """Forget an import that nobody wants, of which nothing is made."""
    with atomic():
        get(import_id, user_id=user_id)
        found = db.session.get_one(
            Import, import_id, with_for_update=True, populate_existing=True
        )  # nobody may begin it meanwhile
        if found.state is not ImportState.CHECKED:
            raise ConflictError("import_begun")
        db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        db.session.delete(found)
    place_of(import_id, folder).unlink(missing_ok=True)


def forget_old(folder: Path) -> None:
    """Forget imports that nobody began for a day, and reports of long ago, with their files."""
    now = utcnow()
    abandoned = (Import.state == ImportState.CHECKED) & (Import.created_at < now - KEPT)
    with atomic():
        query = select(Import.id).where(abandoned | (Import.created_at < now - _REMEMBERED))
        old = db.session.scalars(query.limit(500).with_for_update()).all()
        db.session.execute(delete(ImportRow).where(ImportRow.import_id.in_(old)))
        db.session.execute(delete(Import).where(Import.id.in_(old)))
        stopped = (Import.state == ImportState.FAILED) & (Import.updated_at < now - KEPT)
        given_up = db.session.scalars(select(Import.id).where(stopped)).all()
    for import_id in (*old, *given_up):
        place_of(import_id, folder).unlink(missing_ok=True)
    _forget_litter(folder)


def place_of(import_id: UUID, folder: Path) -> Path:
    """Return where the file of an import lies until it is carried out."""
    return folder / f"{import_id}.zip"


def take(source: BinaryIO, import_id: UUID, folder: Path) -> Path:
    """Keep what was sent until it is carried out; a file of its own gets a second name only."""
    folder.mkdir(parents=True, exist_ok=True)
    place = place_of(import_id, folder)
    name = getattr(source, "name", None)
    if isinstance(name, str) and Path(name).is_file():
        try:
            os.link(name, place)
        except OSError:  # another file system
            shutil.copyfile(name, place)
        return place
    source.seek(0)
    with place.open("xb") as target:
        shutil.copyfileobj(source, target, _CHUNK)
    return place


def _forget_litter(folder: Path) -> None:
    """Remove files whose import was never stored, or is no more."""
    oldest = (utcnow() - KEPT).timestamp()
    paths = [path for path in folder.glob("*.zip") if path.stat().st_mtime < oldest]
    known = {str(import_id) for import_id in db.session.scalars(select(Import.id))} if paths else ()
    for path in paths:
        if path.stem not in known:
            path.unlink(missing_ok=True)


def _row(import_id: UUID, position: int, planned: Planned) -> ImportRow:
    row_id = uuid7()
    row = ImportRow(
        id=row_id,
        import_id=import_id,
        position=position,
        content=dict(planned.content),
        token=f"import-{row_id.hex}",
        params={},
    )
    if planned.error is not None:
        row.state, row.code = RowState.WRONG, planned.error.code
        row.params = _shown(planned.error)
    return row


def _shown(error: DomainError) -> dict[str, str]:
    return {name: str(value) for name, value in error.params.items()}
