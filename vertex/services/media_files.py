"""Stored files and the rows that name them: whether both are there, and moving house."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vertex.extensions import db
from vertex.services._files import DamagedFileError, verified_path
from vertex.services.loose_files import named_keys, named_of, noted_of
from vertex.storage import (
    AREAS,
    ListedFile,
    MissingFileError,
    Storage,
    content_type_of,
    is_content_of,
)

YOUNGEST = timedelta(days=1)  # what is younger may belong to a change that is under way
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that is not as it should be: `missing` or `damaged`."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Usage:
    """How much an area holds."""

    area: str
    files: int
    size: int  # bytes


def verify(storage: Storage) -> Iterator[Trouble]:
    """Read every stored file, and name what is damaged or missing; orphans are read, too."""
    seen: set[str] = set()
    for file in all_files(storage):
        seen.add(file.key)
        if trouble_with(storage, file.key) == "damaged":  # what is missing was removed meanwhile
            yield Trouble("damaged", file.key)
    # what was stored while we were reading is asked for by itself
    unseen = [key for key in sorted(set(named_keys()) - seen) if not storage.exists(key)]
    for key in sorted(set(unseen) & set(named_keys())):
        yield Trouble("missing", key)


def orphans(storage: Storage, now: datetime, *, older: timedelta = YOUNGEST) -> list[ListedFile]:
    """Files that no row names and that are older than this, a day at least."""
    limit = now - max(older, YOUNGEST)
    old = [file for file in all_files(storage) if file.stored_at < limit]
    named = set(named_keys())  # after the list: a row may have come meanwhile
    return [file for file in old if file.key not in named]


def remove_orphans(files: Sequence[ListedFile], storage: Storage) -> int:
    """Remove orphans, and return how many; a bucket keeps their versions for a while.

    What a row has come to name, or somebody works on meanwhile, stays.
    """
    count = 0
    for start in range(0, len(files), _AT_ONCE):
        keys = {file.key for file in files[start : start + _AT_ONCE]}
        loose = keys - named_of(keys) - noted_of(keys)
        db.session.rollback()  # files are not worked on inside a transaction
        for key in sorted(loose):
            storage.delete(key)
        count += len(loose)
    return count


def stale_drafts(folders: tuple[Path, ...], now: datetime) -> list[Path]:
    """Temporary files and folders that whoever made them has left behind, a day ago or more."""
    limit = (now - YOUNGEST).timestamp()
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return [path for path in found if path.stat().st_mtime < limit]


def remove_draft(path: Path) -> None:
    """Remove a temporary file, or a folder of them."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def usage(storage: Storage) -> list[Usage]:
    """How much each area holds."""
    found = []
    for area in AREAS:
        sizes = [file.size for file in storage.files(area)]
        found.append(Usage(area, len(sizes), sum(sizes)))
    return found


def copy_all(source: Storage, target: Storage) -> Iterator[tuple[str, str]]:
    """Copy what rows name and the target lacks, each file verified there and here.

    Tells (`copied`, `missing` or `damaged`, key) as it goes; begun again, it goes on where it was.
    """
    there = {file.key: file.size for file in all_files(target)}
    for key in sorted(set(named_keys())):
        try:
            if there.get(key) == source.stat(key).size:
                continue
            copy(source, target, key)
        except MissingFileError:
            if not target.exists(key):
                yield "missing", key
        except DamagedFileError:
            yield "damaged", key
        else:
            yield "copied", key


def all_files(storage: Storage) -> Iterator[ListedFile]:
    """Every file of ours that a store holds."""
    for area in AREAS:
        yield from storage.files(area)


def copy(source: Storage, target: Storage, key: str) -> None:
    """Copy a file, verified there and here.

    MissingFileError if the source has none, DamagedFileError if it is not what was stored.
    """
    with verified_path(source, key) as path, path.open("rb") as content:
        if target.exists(key):  # a file of another length is not ours
            target.erase(key)
        target.put(key, content, content_type=content_type_of(key))
    if trouble_with(target, key) == "damaged":
        target.erase(key)
        raise OSError(f"{key} did not arrive whole")


def trouble_with(storage: Storage, key: str) -> str | None:
    """Read a stored file: None if it is whole, else `damaged` or `missing`."""
    try:
        with storage.open(key) as content:
            return None if is_content_of(key, content) else "damaged"
    except MissingFileError:
        return "missing"
