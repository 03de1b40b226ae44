"""The threads of a server process that run jobs."""

import threading

import structlog
from flask import Flask

from vertex.jobs.runner import run_one
from vertex.runtime import Runtime

_POLL_SECONDS = 2.0
_PAUSE_SECONDS = 15.0

_log = structlog.get_logger("vertex.jobs")


class JobLoop:
    """Runs due jobs until stopped; a job cut short by the end of the process is found again."""

    def __init__(self, app: Flask) -> None:
        collaborators: Runtime = app.extensions["vertex"]
        self._app = app
        self._queue = collaborators.queue
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"jobs-{number}", daemon=True)
            for number in range(collaborators.settings.job_threads)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Begin no more jobs, and give those under way this long to end."""
        self._stopping.set()
        for thread in self._threads:
            self._queue.wake()
            thread.join(seconds)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = run_one(self._app)
            except Exception:  # a database that is away for a while must not end the worker
                _log.exception("cannot look for jobs")
                self._stopping.wait(_PAUSE_SECONDS)
            else:
                if not busy:
                    self._queue.wait(_POLL_SECONDS)
