"""Backups: the database of one moment with the files it names, made while the studio works."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from vertex.extensions import db
from vertex.models import utcnow
from vertex.services import _dumps, loose_files, media_files
from vertex.services._dumps import DumpError
from vertex.services._files import DamagedFileError
from vertex.services.backup_folders import DATABASE, SECRET, Backup, BackupError, BackupFolder
from vertex.services.jobs import Progress
from vertex.settings import Settings
from vertex.storage import MissingFileError, Storage

BACKUP_JOB = "backup.make"


def make(
    settings: Settings,
    storage: Storage,
    progress: Progress = lambda _: None,
    *,
    files: bool | None = None,
    prune: bool = True,
) -> Backup:
    """Make a backup, and forget the oldest if there are more than wanted.

    With files or without: as told, else as set. BackupError or OSError say why there is none.
    """
    files = settings.backs_up_files if files is None else files
    folder = BackupFolder(settings.backups)
    with folder.alone(), folder.draft() as draft:
        keys: set[str] | None = None
        lost: set[str] = set()
        if files:
            # most of them first: once the database is copied, none of its files should go
            _save(set(loose_files.named_keys()), storage, folder, progress)
            keys = set(loose_files.named_keys())
        revision, made_at = _revision(), utcnow().replace(microsecond=0)
        _dump(draft / DATABASE)
        if keys is not None:
            keys.update(loose_files.named_keys())
            lost = _save(keys, storage, folder, progress)
            keys -= lost
        _save_secret(settings, draft / SECRET)
        backup = folder.publish(
            draft,
            made_at=made_at,
            database=_dumps.kind_of(db.engine.url),
            revision=revision,
            keys=keys,
            unsaved=len(loose_files.named_of(lost)),  # what was removed meanwhile is not missed
        )
        if prune:
            folder.forget_oldest(settings.backups_kept)
    return backup


def is_begun() -> bool:
    """Whether there is a database with something in it; BackupError if it cannot be read."""
    try:
        return _head() is not None
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", error)
        raise BackupError(f"the database of now cannot be read, move it away: {reason}") from error


def judge(backup: Backup, settings: Settings, migrations: Path) -> None:
    """Raise BackupError unless the backup is whole and this version can read it."""
    here = _dumps.kind_of(db.engine.url)
    if backup.database != here:
        raise BackupError(f"{backup.name} is of {backup.database}, and this installation of {here}")
    try:
        ScriptDirectory(str(migrations)).get_revision(backup.revision)
    except CommandError:
        raise BackupError(f"{backup.name} was made by a newer version of Vertex") from None
    BackupFolder(settings.backups).database(backup)


def restore(backup: Backup, settings: Settings, storage: Storage) -> Iterator[tuple[str, str]]:
    """Bring a backup back: files are added, then the database is replaced whole, or not at all.

    Tells (`restored`, `missing` or `damaged`, key) of each file the store did not have. Then the
    database must be brought to this version's migrations.
    """
    folder = BackupFolder(settings.backups)
    with folder.alone():
        for key in folder.keys(backup):
            if not storage.exists(key):
                yield _bring(key, folder, storage), key
        url = db.engine.url
        db.session.remove()
        db.engine.dispose()
        try:
            _dumps.load(url, folder.database(backup))
        except DumpError as error:
            raise BackupError(str(error)) from error
        _bring_secret(folder.secret(backup), settings)


def _dump(place: Path) -> None:
    try:
        _dumps.dump(db.engine.url, place)
    except DumpError as error:
        raise BackupError(str(error)) from error


def _save(keys: set[str], storage: Storage, folder: BackupFolder, progress: Progress) -> set[str]:
    """Copy what is not saved yet, and return what cannot be."""
    lost = set()
    for done, key in enumerate(sorted(keys)):
        progress(done / len(keys))
        if not folder.pool.exists(key):
            try:
                media_files.copy(storage, folder.pool, key)
            except (MissingFileError, DamagedFileError):
                lost.add(key)
    return lost


def _save_secret(settings: Settings, place: Path) -> None:
    """Copy the secret key, unless the operator keeps it elsewhere."""
    if settings.secret_key is None:
        settings.own_secret()
        shutil.copy(settings.secret_key_file, place)


def _bring(key: str, folder: BackupFolder, storage: Storage) -> str:
    try:
        media_files.copy(folder.pool, storage, key)
    except MissingFileError:
        return "missing"
    except DamagedFileError:
        return "damaged"
    return "restored"


def _bring_secret(place: Path | None, settings: Settings) -> None:
    """Let what was signed and sealed with the key of then be read again."""
    if settings.secret_key is not None or place is None:
        return
    draft = settings.secret_key_file.with_suffix(".restored")
    draft.touch(mode=0o600)
    draft.write_bytes(place.read_bytes())
    draft.replace(settings.secret_key_file)


def _revision() -> str:
    found = _head()
    if found is None:
        raise BackupError("there is no database yet: run `flask db upgrade`")
    return found


def _head() -> str | None:
    try:
        return MigrationContext.configure(db.session.connection()).get_current_revision()
    finally:
        db.session.rollback()
