"""Exports: a portrait or an album as a folder that plays without this program."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from vertex.errors import ConflictError, InvalidError
from vertex.models import AuditAction
from vertex.services import audit
from vertex.services._files import verified_path
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.storage import Storage


@dataclass(frozen=True, slots=True)
class Export:
    """What goes into the folder by its name there: stored files, files of ours, and new ones."""

    stored: Mapping[str, str]
    ours: Mapping[str, Path]
    made: Mapping[str, bytes]


def write(export: Export, folder: Path, storage: Storage, *, replace: bool = False) -> int:
    """Write the folder, whole or not at all; how many bytes it has.

    Raises ConflictError if there is something in it already, unless that is to be replaced.
    """
    taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken and not replace:
        raise ConflictError("folder_taken", folder=str(folder))
    if not folder.parent.is_dir():
        raise InvalidError("folder_missing", folder=str(folder.parent))
    draft = folder.parent / f".{folder.name}.{uuid4().hex[:8]}"
    try:
        _fill(draft, export, storage)
        size = sum(path.stat().st_size for path in draft.rglob("*") if path.is_file())
        if folder.is_dir():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return size


def note(subject: str, *, actor: Actor) -> None:
    """Write down that somebody has taken a copy out of the house."""
    with atomic():
        audit.record(actor, AuditAction.EXPORTED, subject)


def _fill(draft: Path, export: Export, storage: Storage) -> None:
    for name, content in export.made.items():
        _place(draft, name).write_bytes(content)
    for name, path in export.ours.items():
        shutil.copyfile(path, _place(draft, name))
    for name, key in export.stored.items():
        with verified_path(storage, key) as path:
            shutil.copyfile(path, _place(draft, name))


def _place(draft: Path, name: str) -> Path:
    place = draft / name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
