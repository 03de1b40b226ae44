"""Waking the workers when a job has been stored; what is to be done is a row of `jobs`."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

RUN_DUE = "vertex.run_due"  # how Celery names the task that runs due jobs

_EXPIRES = 300  # s
_ANSWERS_WITHIN = 1  # s

_log = structlog.get_logger("vertex.jobs")


class Queue(Protocol):
    """Tells whoever runs jobs that there is one."""

    def wake(self) -> None:
        """Have the due jobs run soon."""

    def attach(self, work: Callable[[], object]) -> None:
        """Name what runs every due job; for queues that run them in the waking thread."""

    def wait(self, seconds: float) -> None:
        """Return when woken, or after this many seconds."""


class InlineQueue:
    """Runs due jobs before wake() returns: for tests."""

    def __init__(self) -> None:
        self._work: Callable[[], object] | None = None

    def attach(self, work: Callable[[], object]) -> None:
        """Name what runs every due job."""
        self._work = work

    def wake(self) -> None:
        """Run every due job now."""
        if self._work is not None:
            self._work()

    def wait(self, seconds: float) -> None:
        """Return at once: nothing happens in the background."""


class ThreadQueue:
    """Wakes threads of this process; threads of another process find the row by looking."""

    def __init__(self) -> None:
        self._news = threading.Event()

    def attach(self, work: Callable[[], object]) -> None:
        """Nothing: the threads know their work."""

    def wake(self) -> None:
        """Rouse the waiting threads."""
        self._news.set()

    def wait(self, seconds: float) -> None:
        """Return when woken, or after this many seconds."""
        self._news.wait(seconds)
        self._news.clear()


class CeleryQueue:
    """Wakes Celery workers through Redis; without it they find the row by looking."""

    def __init__(self, redis_url: str) -> None:
        # only the scaled mode pays the third of a second
        from celery import Celery
        from kombu.exceptions import OperationalError

        self._trouble = OperationalError
        self._celery = Celery("vertex", broker=redis_url, set_as_current=False)
        self._celery.conf.broker_transport_options = {
            "max_retries": 0,
            "socket_connect_timeout": _ANSWERS_WITHIN,
            "socket_timeout": _ANSWERS_WITHIN,
        }

    def attach(self, work: Callable[[], object]) -> None:
        """Nothing: the workers know their work."""

    def wake(self) -> None:
        """Rouse a worker, or log that it must find the job by itself: the job is stored."""
        try:
            self._celery.send_task(RUN_DUE, ignore_result=True, retry=False, expires=_EXPIRES)
        except self._trouble as error:
            _log.warning("no worker was woken, one will look by itself", cause=str(error))

    def wait(self, seconds: float) -> None:
        """Return after this many seconds: news are for the workers."""
        time.sleep(seconds)
