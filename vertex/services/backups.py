"""Backups: the database of one moment with the files it names, made while the studio works."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, func, select
from sqlalchemy.exc import SQLAlchemyError

from vertex.extensions import db
from vertex.models import LooseFile, Session, utcnow
from vertex.services import _dumps, loose_files, media_files
from vertex.services._dumps import DumpError
from vertex.services._files import DamagedFileError
from vertex.services.backup_folders import DATABASE, SECRET, Backup, BackupError, BackupFolder
from vertex.services.jobs import Progress
from vertex.settings import Settings
from vertex.storage import MissingFileError, Storage

BACKUP_JOB = "backup.make"

# a session that ended after the backup would be open again, and files would go that a later restore
# wants; what is left over of these `flask media sweep` finds
_FORGOTTEN = (Session.__tablename__, LooseFile.__tablename__)

_log = structlog.get_logger("vertex.backups")


def make(
    settings: Settings,
    storage: Storage,
    progress: Progress = lambda _: None,
    *,
    replaced: bool = False,
) -> Backup:
    """Make a backup, and forget the oldest if there are more than wanted.

    With `replaced` it is of what a restore is about to replace, and nothing is forgotten. Files
    that cannot be read are counted, and stop nothing. BackupError or OSError say why there is none.
    """
    files = settings.backs_up_files
    folder = BackupFolder(settings.backups)
    with folder.alone(), folder.draft() as draft:
        keys: set[str] | None = None
        saved, lost = set[str](), set[str]()
        if files:
            # most of them first: once the database is copied, none of its files should go
            saved = _save_named(storage, folder, progress)
            keys = set(loose_files.named_keys())
        named = frozenset(keys or ())
        revision, made_at = _dump(draft / DATABASE), utcnow().replace(microsecond=0)
        if keys is not None:
            keys.update(loose_files.named_keys())
            lost = _save(keys - saved, storage, folder, progress)
            keys -= lost
        _save_secret(settings, draft / SECRET)
        backup = folder.publish(
            draft,
            made_at=made_at,
            database=_dumps.kind_of(db.engine.url),
            revision=revision,
            keys=keys,
            unsaved=len(lost & named),
            replaced=replaced,
        )
        if settings.backups_kept and not replaced:
            _forget_oldest(folder, settings.backups_kept, backup)
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

    Tells (`restored`, `missing` or `damaged`, key) of each file the store did not have whole. Then
    the database must be brought to this version's migrations.
    """
    folder = BackupFolder(settings.backups)
    with folder.alone():
        for key in folder.keys(backup):
            if media_files.trouble_with(storage, key) is not None:
                yield _bring(key, folder, storage), key
        url = db.engine.url
        db.session.remove()
        db.engine.dispose()
        try:
            _dumps.load(url, folder.database(backup), forget=_FORGOTTEN)
        except DumpError as error:
            raise BackupError(str(error)) from error
        _bring_secret(folder.secret(backup), settings)


def _dump(place: Path) -> str:
    """Copy the database, and return the revision of its migrations."""
    url, revision = db.engine.url, _head()
    if revision is None:
        raise BackupError("there is no database yet: run `flask db upgrade`")
    schema = str(db.session.scalar(select(func.current_schema()))) if _has_schemas(url) else ""
    db.session.rollback()
    try:
        _dumps.dump(url, place, schema=schema)
    except DumpError as error:
        raise BackupError(str(error)) from error
    if not _has_schemas(url) and _dumps.revision_of(place) != revision:
        raise BackupError("the copy is not of this database")
    return revision


def _has_schemas(url: URL) -> bool:
    return _dumps.kind_of(url) == _dumps.POSTGRESQL


def _forget_oldest(folder: BackupFolder, kept: int, backup: Backup) -> None:
    """Forget what is too old; the new backup is made, whatever happens to the others."""
    try:
        folder.forget_oldest(kept, but=backup)
    except OSError as error:
        _log.warning("old backups stay", trouble=str(error))


def _save_named(storage: Storage, folder: BackupFolder, progress: Progress) -> set[str]:
    """Copy what rows name now, and return what is saved."""
    named = set(loose_files.named_keys())
    sizes = {file.key: file.size for file in media_files.all_files(storage)}
    return named - _save(named, storage, folder, progress, sizes)


def _save(
    keys: Collection[str],
    storage: Storage,
    folder: BackupFolder,
    progress: Progress,
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> set[str]:
    """Copy what is not saved yet, or not in the size it is known to have; return what cannot be."""
    lost = set()
    for done, key in enumerate(sorted(keys)):
        progress(done / len(keys))
        try:
            if not _is_saved(key, folder, sizes):
                media_files.copy(storage, folder.pool, key)
        except (MissingFileError, DamagedFileError, OSError) as error:
            _log.warning("file not saved", key=key, trouble=f"{type(error).__name__}: {error}")
            lost.add(key)
    return lost


def _is_saved(key: str, folder: BackupFolder, sizes: Mapping[str, int]) -> bool:
    """Whether the folder has a file, in the length that it has in the store."""
    try:
        size = folder.pool.stat(key).size
    except MissingFileError:
        return False
    return size == sizes.get(key, size)


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


def _head() -> str | None:
    try:
        return MigrationContext.configure(db.session.connection()).get_current_revision()
    finally:
        db.session.rollback()
