"""How backups lie in their folder, which another disk may hold and another machine may read.

<folder>/2026-11-27T02-00-00/   one backup: the database, what is known of it, its files' names
<folder>/files/                 the files of all backups, each once
"""

import fcntl
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from vertex.services import media_files
from vertex.storage import content_hash
from vertex.storage.drafts import sync, workspace
from vertex.storage.local import LocalStorage

DATABASE, SECRET = "database", "secret_key"

_FORMAT = 1
_ABOUT, _FILES, _ERASED = "backup.json", "files.txt", "erased.txt"
_POOL, _DRAFTS, _LOCK = "files", ".tmp", ".lock"


class BackupError(Exception):
    """A backup cannot be made, found, trusted or brought back; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is known of a backup; `files` is None where it is of the database alone."""

    name: str
    made_at: datetime
    database: str  # sqlite or postgresql
    revision: str  # of the migrations
    size: int  # bytes of the database's copy
    sha256: str  # of the database's copy
    files: int | None
    unsaved: int  # files that rows named, and that were missing, damaged or not to be read then
    replaced: bool  # what a restore has put aside: nobody takes it for the last one
    format: int = _FORMAT


class BackupFolder:
    """The backups below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.pool = LocalStorage(root / _POOL)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else work on these backups, or raise BackupError."""
        # a disk that is not mounted is not made up for by a folder of its name
        self._root.mkdir(mode=0o700, exist_ok=True)
        (self._root / _POOL).mkdir(mode=0o700, exist_ok=True)
        (self._root / _LOCK).touch(mode=0o600)
        with (self._root / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"another backup is being made in {self._root}") from None
            yield

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give an empty folder for a backup, removed when the block ends unless published."""
        with workspace(self._root / _DRAFTS) as work:
            draft = work / "backup"
            draft.mkdir(mode=0o700)
            yield draft

    def all(self) -> list[Backup]:
        """Return the backups, oldest first; what is none is left out."""
        places = sorted(self._root.glob(f"*/{_ABOUT}")) if self._root.is_dir() else []
        found = [backup for place in places if (backup := _read(place.parent)) is not None]
        return sorted(found, key=lambda backup: (backup.made_at, backup.name))

    def get(self, name: str) -> Backup:
        """Return the backup of this name, `last` for the newest; BackupError if there is none.

        What a restore has put aside is known by its name only.
        """
        found = self.all()
        wanted = [one for one in found if one.name == name or (name == "last" and not one.replaced)]
        if not wanted:
            raise BackupError(f"there is no backup {name} in {self._root}")
        return wanted[-1]

    def database(self, backup: Backup) -> Path:
        """Return where its copy of the database lies, or raise BackupError if that is damaged."""
        place = self._root / backup.name / DATABASE
        if not place.is_file() or _sha256(place) != backup.sha256:
            raise BackupError(f"the database of {backup.name} is damaged")
        return place

    def secret(self, backup: Backup) -> Path | None:
        """Return where its secret key lies, or None if it was kept elsewhere."""
        place = self._root / backup.name / SECRET
        return place if place.is_file() else None

    def keys(self, backup: Backup) -> list[str]:
        """Return the keys of its files."""
        if backup.files is None:
            return []
        return (self._root / backup.name / _FILES).read_text().split()

    def troubles(self, backup: Backup, *, mend: bool = False) -> Iterator[str]:
        """Read all of a backup, and say what is damaged or missing.

        To `mend`, damaged files are removed: the next backup copies them again, if they are still
        stored.
        """
        try:
            self.database(backup)
        except BackupError as error:
            yield str(error)
        for key in self.keys(backup):
            found = media_files.trouble_with(self.pool, key)
            if found is not None:
                yield f"{found}  {key}"
            if mend and found == "damaged":
                self.pool.delete(key)

    def note_erased(self, subjects: Collection[str]) -> None:
        """Note what must be erased again if a restore brings it back, whatever is killed when."""
        if not subjects:
            return
        with self.draft() as draft:
            place = draft / _ERASED
            place.write_text("".join(f"{one}\n" for one in {*self.erased(), *subjects}))
            sync(place)
            place.rename(self._root / _ERASED)
        sync(self._root)

    def erased(self) -> list[str]:
        """Return what was noted, and not yet forgotten."""
        place = self._root / _ERASED
        return sorted(place.read_text().split()) if place.is_file() else []

    def forget_erased(self) -> None:
        """Forget what was noted: it is erased again, or the operator wants it back."""
        (self._root / _ERASED).unlink(missing_ok=True)

    def publish(
        self,
        draft: Path,
        *,
        made_at: datetime,
        database: str,
        revision: str,
        keys: set[str] | None,
        unsaved: int,
        replaced: bool,
    ) -> Backup:
        """Give a finished draft its name: it is there whole, or not at all."""
        place = draft / DATABASE
        backup = Backup(
            name=self._free_name(made_at),
            made_at=made_at,
            database=database,
            revision=revision,
            size=place.stat().st_size,
            sha256=_sha256(place),
            files=None if keys is None else len(keys),
            unsaved=unsaved,
            replaced=replaced,
        )
        if keys is not None:
            (draft / _FILES).write_text("".join(f"{key}\n" for key in sorted(keys)))
        (draft / _ABOUT).write_text(json.dumps(asdict(backup), default=str, indent=1) + "\n")
        for path in (*draft.iterdir(), draft):
            sync(path)
        draft.rename(self._root / backup.name)
        sync(self._root)
        return backup

    def forget_oldest(self, kept: int, *, but: Backup) -> None:
        """Keep so many backups, this one among them, as many that restores have put aside, and
        the files that one of all these names.

        Where a folder is not understood, its files may be any: all stay.
        """
        for replaced in (False, True):
            backups = [one for one in self.all() if one.replaced is replaced]
            for backup in backups[: max(len(backups) - kept, 0)]:
                if backup.name != but.name:
                    self._remove(backup)
        known = {backup.name for backup in self.all()}
        if {path.name for path in self._root.iterdir() if path.is_dir()} - known - {_POOL, _DRAFTS}:
            return
        named = {key for backup in self.all() for key in self.keys(backup)}
        for file in media_files.all_files(self.pool):
            if file.key not in named:
                self.pool.delete(file.key)

    def _remove(self, backup: Backup) -> None:
        """Remove a backup, which is there whole or not at all."""
        with self.draft() as draft:
            (self._root / backup.name).rename(draft / backup.name)

    def _free_name(self, made_at: datetime) -> str:
        name, number = f"{made_at:%Y-%m-%dT%H-%M-%S}", 1
        while (self._root / name).exists():
            number += 1
            name = f"{made_at:%Y-%m-%dT%H-%M-%S}-{number}"
        return name


def _read(place: Path) -> Backup | None:
    try:
        told = json.loads((place / _ABOUT).read_text())
        if told.get("format") != _FORMAT:
            return None
        found = Backup(**told)
        made_at = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return replace(found, name=place.name, made_at=made_at)  # a folder may have been renamed


def _sha256(place: Path) -> str:
    with place.open("rb") as file:
        return content_hash(file)
