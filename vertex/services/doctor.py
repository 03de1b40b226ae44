"""Whether this installation is sound: one finding for each thing it stands on."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from vertex.extensions import db
from vertex.mail import trouble_with
from vertex.media.errors import ToolError
from vertex.media.ffmpeg import find_ffmpeg
from vertex.models import utcnow
from vertex.services import health, jobs, schedules
from vertex.services.backup_folders import BackupFolder
from vertex.services.backups import BACKUP_JOB
from vertex.settings import Settings
from vertex.storage import Storage

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WAITED_TOO_LONG = timedelta(minutes=5)
_TOO_OLD = timedelta(days=3)
_FREE_TO_FAIL = 200 * 1024**2
_FREE_TO_WARN = 2 * 1024**3


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what was found, for the person who runs the server."""

    level: Level
    subject: str
    text: str


def examine(settings: Settings, storage: Storage, migrations: Path) -> Iterator[Finding]:
    """Every finding, the ones others depend on first."""
    reachable = _database(settings)
    yield reachable
    if reachable.level is Level.OK:
        current = _migrations(migrations)
        yield current
        if current.level is Level.OK:
            yield _jobs(settings)
            yield _backups(settings)
    if settings.redis_url:
        yield _redis(settings)
    yield _storage(storage)
    yield _disk(settings)
    yield _address(settings)
    yield _secret_key(settings)
    yield _ffmpeg()
    yield _workers(settings)
    yield _mail(settings)


def _database(settings: Settings) -> Finding:
    try:
        db.session.connection()
    except SQLAlchemyError as error:
        return Finding(Level.FAIL, "database", f"not reachable: {getattr(error, 'orig', error)}")
    kind = "SQLite" if settings.on_sqlite else "PostgreSQL"
    return Finding(Level.OK, "database", f"{kind} answers")


def _migrations(folder: Path) -> Finding:
    newest = set(ScriptDirectory(str(folder)).get_heads())
    current = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    if current == newest:
        return Finding(Level.OK, "migrations", "up to date")
    return Finding(Level.FAIL, "migrations", "behind: run `flask db upgrade`")


def _jobs(settings: Settings) -> Finding:
    overdue = jobs.count_overdue(utcnow(), by=_WAITED_TOO_LONG)
    failed = jobs.count_failed()
    if overdue:
        who = "a Celery worker with --beat" if settings.jobs == "celery" else "the server"
        text = f"{overdue} waited more than five minutes: does {who} run?"
        return Finding(Level.FAIL, "jobs", text)
    if settings.jobs == "threads" and not settings.job_threads:
        return Finding(Level.WARN, "jobs", "the server runs none (VERTEX_JOB_THREADS=0)")
    if settings.jobs == "threads" and settings.job_threads <= settings.heavy_jobs:
        text = "markers may wait behind conversions: set VERTEX_JOB_THREADS above VERTEX_HEAVY_JOBS"
        return Finding(Level.WARN, "jobs", text)
    if failed:
        return Finding(Level.WARN, "jobs", f"{failed} were given up: see `flask jobs list`")
    return Finding(Level.OK, "jobs", "none is waiting too long, none was given up")


def _backups(settings: Settings) -> Finding:
    if not settings.backups_kept:
        return Finding(Level.OK, "backups", "none are made (VERTEX_BACKUPS_KEPT=0)")
    backups = [one for one in BackupFolder(settings.backups).all() if not one.replaced]
    if not backups:
        if schedules.is_begun(BACKUP_JOB):
            return Finding(Level.FAIL, "backups", f"none in {settings.backups}: see /jobs")
        return Finding(Level.OK, "backups", "none yet: the server makes one a day")
    last = backups[-1]
    text = f"the last one is of {last.made_at:%Y-%m-%d %H:%M} UTC"
    if last.made_at > utcnow() + _WAITED_TOO_LONG:
        return Finding(Level.FAIL, "backups", f"{text}, still to come: is the clock right?")
    if last.made_at < utcnow() - _TOO_OLD:
        return Finding(Level.FAIL, "backups", f"{text}: does the server run?")
    if last.unsaved:
        return Finding(Level.WARN, "backups", f"{text}, without {last.unsaved} lost files")
    if settings.backups.stat().st_dev == settings.instance.stat().st_dev:
        text += ", on the disk of what it is to save: set VERTEX_BACKUPS_FOLDER to another one"
        return Finding(Level.WARN, "backups", text)
    return Finding(Level.OK, "backups", text)


def _redis(settings: Settings) -> Finding:
    trouble = health.trouble_with_redis(settings.redis_url)
    if trouble:
        return Finding(Level.FAIL, "Redis", f"not reachable: {trouble}")
    return Finding(Level.OK, "Redis", "answers")


def _storage(storage: Storage) -> Finding:
    trouble = health.trouble_with_storage(storage)
    if trouble:
        return Finding(Level.FAIL, "storage", f"cannot be written: {trouble}")
    return Finding(Level.OK, "storage", "keeps what is written")


def _disk(settings: Settings) -> Finding:
    folder = settings.instance
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free / 1024**3:.1f} GB free"
    if free < _FREE_TO_FAIL:
        return Finding(Level.FAIL, "disk", text)
    return Finding(Level.WARN if free < _FREE_TO_WARN else Level.OK, "disk", text)


def _address(settings: Settings) -> Finding:
    host = urlsplit(settings.public_url).hostname or ""
    if host in _LOOPBACK:
        text = f"{settings.public_url} opens on this machine only: set VERTEX_PUBLIC_URL"
        return Finding(Level.WARN, "public address", text)
    if not settings.https:
        text = f"{settings.public_url} is not https: phones give no camera to such a page"
        return Finding(Level.FAIL, "public address", text)
    return Finding(Level.OK, "public address", settings.public_url)


def _secret_key(settings: Settings) -> Finding:
    if settings.secret_key is not None:
        return Finding(Level.OK, "secret key", "set in the environment")
    path = settings.secret_key_file
    if not path.exists():
        return Finding(Level.WARN, "secret key", "will be made at the next start")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        text = f"others can read it: run `chmod 600 {path}`"
        return Finding(Level.FAIL, "secret key", text)
    return Finding(Level.OK, "secret key", "only we can read it")


def _ffmpeg() -> Finding:
    try:
        program = find_ffmpeg()
    except ToolError:
        return Finding(Level.FAIL, "ffmpeg", "not found: install Debian's package ffmpeg")
    return Finding(Level.OK, "ffmpeg", program)


def _workers(settings: Settings) -> Finding:
    if settings.workers == 1:
        return Finding(Level.OK, "workers", f"one, with {settings.threads} threads")
    if settings.redis_url:
        text = f"{settings.workers}, with {settings.threads} threads each"
        return Finding(Level.OK, "workers", text)
    text = f"{settings.workers}, but without Redis one keeps the limits: set VERTEX_WORKERS=1"
    return Finding(Level.FAIL, "workers", text)


def _mail(settings: Settings) -> Finding:
    if not settings.sends_mail:
        text = "not set up (VERTEX_SMTP_HOST): messages to clients are copied"
        return Finding(Level.OK, "e-mail", text)
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    trouble = trouble_with(settings)
    if trouble:
        return Finding(Level.FAIL, "e-mail", f"{where} does not take ours: {trouble}")
    if settings.smtp_security == "none" and settings.smtp_host not in _LOOPBACK:
        text = f"{where} takes ours, but all on the way can read it: set VERTEX_SMTP_SECURITY"
        return Finding(Level.WARN, "e-mail", text)
    return Finding(Level.OK, "e-mail", f"{where} takes ours, from {settings.smtp_from}")
