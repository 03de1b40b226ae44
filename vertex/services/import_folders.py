"""Portraits and videos out of a folder of this machine, as out of a ZIP."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vertex.errors import ConflictError, InvalidError
from vertex.queue import Queue
from vertex.services import csv_files, import_portraits
from vertex.services.audit import Actor
from vertex.services.import_portraits import Found, Target
from vertex.services.imports import Plan
from vertex.services.intake import Limits
from vertex.storage import Storage, content_hash

_HEAD = 4096
_FOR_TOKEN = ("phone", "order", "title")


def plan(folder: Path, table: Path | None, target: Target, limits: Limits) -> Plan:
    """Return a row for each pair in the folder and its folders; nothing is stored.

    The table is the one given, else the one CSV in the folder. Links are not followed.
    """
    if not folder.is_dir():
        raise InvalidError("folder_missing", folder=str(folder))
    paths = sorted(_files(folder))
    found = Found(
        {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths},
        lambda name: _head(folder / name),
    )
    if table is None:
        own = import_portraits.table_of(found)
        table = folder / own if own else None
    content = _content(table) if table else None
    return import_portraits.plan(found, content, target, limits)


def carry_out(
    folder: Path,
    content: Mapping[str, Any],
    *,
    limits: Limits,
    actor: Actor,
    storage: Storage,
    queue: Queue | None = None,
) -> tuple[str, bool]:
    """Take in a row; what it made, and whether that is new: the same files come once."""
    picture, video = folder / content["portrait"], folder / content["video"]
    try:
        made = import_portraits.carry_out(
            content,
            picture,
            video,
            token=_token(content, picture, video),
            limits=limits,
            actor=actor,
            storage=storage,
            queue=queue,
        )
    except ConflictError as error:
        if error.code != "sent_twice":
            raise
        return str(error.params["result"]), False
    return made, True


def _files(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        paths = (Path(place) / name for name in names if not name.startswith("."))
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _content(table: Path) -> bytes:
    try:
        with table.open("rb") as file:
            return file.read(csv_files.MAX_BYTES + 1)
    except OSError:
        raise InvalidError("import_file_missing", name=str(table)) from None


def _token(content: Mapping[str, Any], picture: Path, video: Path) -> str:
    """What is the same for the same files of the same client, order and title."""
    parts = [str(content[name]) for name in _FOR_TOKEN]
    for path in (picture, video):
        with path.open("rb") as file:
            parts.append(content_hash(file))
    return "folder-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:48]
