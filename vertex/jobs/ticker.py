"""What is done by the clock, and the thread that looks at it."""

import threading
from datetime import timedelta

import structlog
from flask import Flask

from vertex.models import utcnow
from vertex.runtime import Runtime
from vertex.services import loose_files, schedules
from vertex.services.backups import BACKUP_JOB
from vertex.services.loose_files import DROP_JOB
from vertex.services.schedules import Recurring

SCHEDULES = (
    Recurring("imports.forget", every=timedelta(hours=1)),
    Recurring("exports.forget", every=timedelta(hours=1)),
    Recurring(BACKUP_JOB, every=timedelta(days=1)),
    Recurring("bin.empty", every=timedelta(days=1)),
    Recurring("jobs.prune", every=timedelta(days=1)),
    Recurring("letters.forget", every=timedelta(days=1)),
    Recurring("notifications.forget", every=timedelta(days=1)),
    Recurring("search.tidy", every=timedelta(days=1)),
    Recurring("submissions.forget", every=timedelta(days=1)),
    Recurring("sessions.forget", every=timedelta(hours=1)),
    Recurring("visits.forget", every=timedelta(days=1)),
    Recurring("uploads.forget", every=timedelta(hours=1)),
)

_PAUSE_SECONDS = 60.0

_log = structlog.get_logger("vertex.jobs")


def tick(app: Flask, recurring: tuple[Recurring, ...] = SCHEDULES) -> int:
    """Add every job whose time has come; how many there were."""
    collaborators: Runtime = app.extensions["vertex"]
    with app.app_context():
        now = utcnow()
        added = sum(schedules.add_due(one, now) for one in recurring)
        if loose_files.any_due(now):
            added += schedules.add_wanted(DROP_JOB)
    if added:
        collaborators.queue.wake()
    return added


class Ticker:
    """Looks at the clock once a minute until stopped."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Look no more, and give a look under way this long to end."""
        self._stopping.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        while True:
            try:
                tick(self._app)
            except Exception:  # a database that is away for a while must not stop the clock
                _log.exception("cannot look for what is due")
            if self._stopping.wait(_PAUSE_SECONDS):
                return
