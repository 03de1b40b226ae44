"""Imports carried out: each row by itself, once, however often the work is begun anew."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from vertex.errors import DomainError, InvalidError
from vertex.extensions import db
from vertex.media import RefusedFileError, archives
from vertex.models import Import, ImportKind, ImportState, uuid7
from vertex.queue import Queue
from vertex.services import audit, csv_files, import_portraits, import_tables, imports
from vertex.services._files import refusals
from vertex.services.audit import Actor
from vertex.services.import_portraits import Found, Target
from vertex.services.intake import Limits
from vertex.services.jobs import Progress
from vertex.storage import Storage

_Carry = Callable[[Mapping[str, Any], str], str]


@dataclass(frozen=True, slots=True)
class Tools:
    """What rows are carried out with."""

    storage: Storage
    queue: Queue | None
    limits: Limits
    folder: Path


def look_at_archive(
    source: BinaryIO, filename: str, target: Target, *, tools: Tools, user_id: UUID
) -> Import:
    """Return the import of a ZIP of which nothing is made yet; a refused one leaves nothing."""
    import_id = uuid7()
    place = imports.take(source, import_id, tools.folder)
    try:
        with refusals("archive", archives.ACCEPTED), archives.opened(place) as archive:
            found = Found({n: i.file_size for n, i in archive.entries.items()}, archive.head)
            table = import_portraits.table_of(found)
            content = archive.head(table, csv_files.MAX_BYTES + 1) if table else None
            plan = import_portraits.plan(found, content, target, tools.limits)
        return imports.keep(
            plan,
            ImportKind.PORTRAITS,
            import_id=import_id,
            filename=filename,
            user_id=user_id,
        )
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def look_at_table(
    kind: ImportKind, content: bytes, filename: str, *, decimals: int, user_id: UUID
) -> Import:
    """Return the import of a CSV of clients or orders of which nothing is made yet."""
    plan = import_tables.plan(kind, content, decimals=decimals)
    return imports.keep(plan, kind, import_id=uuid7(), filename=filename, user_id=user_id)


def run(import_id: UUID, *, tools: Tools, progress: Progress) -> None:
    """Carry out the rows that wait; one that is refused keeps none of the others."""
    found = db.session.get(Import, import_id)
    if found is None or found.state is not ImportState.RUNNING:
        return
    kind, actor = found.kind, Actor(audit.actor_of(found.user_id))
    rows = [(row.id, row.token, dict(row.content)) for row in imports.waiting(import_id)]
    db.session.rollback()
    with _carrying(kind, import_id, actor, tools) as carry:
        for index, (row_id, token, content) in enumerate(rows):
            progress(index / len(rows))
            _carry_out(row_id, carry, content, token)
    imports.end(import_id, ImportState.DONE, tools.folder)


def give_up_on(import_id: UUID, folder: Path) -> None:
    """Say of an import that it went no further; its file stays for another attempt."""
    imports.end(import_id, ImportState.FAILED, folder)


def wait_again(import_id: UUID, folder: Path) -> None:
    """Say of an import that it goes on."""
    imports.end(import_id, ImportState.RUNNING, folder)


def _carry_out(row_id: UUID, carry: _Carry, content: Mapping[str, Any], token: str) -> None:
    try:
        subject = carry(content, token)
    except DomainError as error:
        db.session.rollback()
        made = error.params.get("result") if error.code == "sent_twice" else None
        if made is not None:  # a worker that was killed had stored it, and not noted that
            imports.note_done(row_id, str(made))
        else:
            imports.note_failed(row_id, error)
    else:
        imports.note_done(row_id, subject)


@contextmanager
def _carrying(kind: ImportKind, import_id: UUID, actor: Actor, tools: Tools) -> Iterator[_Carry]:
    """Give what carries out one row."""
    if kind is not ImportKind.PORTRAITS:
        yield lambda content, token: import_tables.carry_out(
            kind, content, token=token, actor=actor
        )
        return
    with archives.opened(imports.place_of(import_id, tools.folder)) as archive:

        def carry(content: Mapping[str, Any], token: str) -> str:
            with tools.storage.workspace() as work:
                files = work / "picture", work / "video"
                for path, name in zip(files, (content["portrait"], content["video"]), strict=True):
                    _unpack(archive, str(name), path)
                return import_portraits.carry_out(
                    content,
                    *files,
                    token=token,
                    limits=tools.limits,
                    actor=actor,
                    storage=tools.storage,
                    queue=tools.queue,
                )

        yield carry


def _unpack(archive: archives.Archive, name: str, path: Path) -> None:
    try:
        archive.copy(name, path)
    except RefusedFileError as error:
        params: dict[str, Any] = {**error.params}
        raise InvalidError(error.code, **params) from None
