"""Waking the workers when a job has been stored; what is to be done is a row of `jobs`."""

import threading
from collections.abc import Callable
from typing import Protocol


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
