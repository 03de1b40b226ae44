"""Runs one job: claim, heartbeat, task, and what became of it."""

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import structlog
from flask import Flask

from vertex.errors import DomainError
from vertex.jobs.tasks import TASKS, Task, bound_of
from vertex.models import utcnow
from vertex.runtime import Runtime
from vertex.services import jobs

_BEATS_PER_LEASE = 4
_NOTE_EVERY = 1.0  # s

_log = structlog.get_logger("vertex.jobs")


class LostWorkerError(Exception):
    """Each worker that took the job has vanished while at it."""

    def __init__(self) -> None:
        super().__init__("each worker that took it has vanished while at it")


class Hold:
    """A claim that is kept while its job runs, and that tells how far it has come."""

    def __init__(self, app: Flask, claim: jobs.Claim, lease: timedelta) -> None:
        self._app = app
        self._claim = claim
        self._lease = lease
        self._lost = threading.Event()
        self._noted_at = -_NOTE_EVERY

    def progress(self, fraction: float) -> None:
        """Note how far the job has come, about once a second; CancelledJobError if in vain."""
        now = time.monotonic()
        if now - self._noted_at >= _NOTE_EVERY:
            self._noted_at = now
            # a session of its own: the task's may be in use
            with self._app.app_context():
                self._note(jobs.note_progress(self._claim, fraction))
        if self._lost.is_set():
            raise jobs.CancelledJobError

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Prolong the lease for as long as the block runs in a living process."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self._lease.total_seconds() / _BEATS_PER_LEASE):
                self._prolong()
                if self._lost.is_set():
                    return

        name = f"heartbeat-{self._claim.id}"
        thread = threading.Thread(target=beat, name=name, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _prolong(self) -> None:
        try:
            with self._app.app_context():
                self._note(jobs.extend(self._claim, utcnow() + self._lease))
        except Exception:  # a database that is away may be back before the lease ends
            _log.exception("cannot prolong the lease")

    def _note(self, ours: bool) -> None:
        if not ours:
            self._lost.set()


def run_one(
    app: Flask,
    *,
    subject: str | None = None,
    but: Collection[str] = (),
    tasks: Mapping[str, Task] = TASKS,
) -> bool:
    """Run the next due job, of this subject or of any, `but` of these kinds; False if none is."""
    collaborators: Runtime = app.extensions["vertex"]
    lease = timedelta(seconds=collaborators.settings.lease_seconds)
    bound = bound_of(tasks, collaborators.settings.heavy_jobs)
    with app.app_context():
        jobs.requeue_lost(utcnow())
        claim = jobs.claim(utcnow(), lease=lease, subject=subject, but=but, bound=bound)
    if claim is None:
        return False
    with structlog.contextvars.bound_contextvars(
        job_id=str(claim.id), job=claim.kind, subject=claim.subject, attempt=claim.attempt
    ):
        _run(app, claim, lease, tasks)
    return True


def run_all(app: Flask) -> int:
    """Run every due job; how many there were."""
    count = 0
    while run_one(app):
        count += 1
    return count


def run_until_done(
    app: Flask, subject: str, *, but: Collection[str] = (), pause: float = 0.2
) -> None:
    """Return when nothing is left to do about this subject, by whoever did it.

    Jobs `but` of these kinds, that is: for what need not be waited for.
    """
    while True:
        if run_one(app, subject=subject, but=but):
            continue
        with app.app_context():
            if not jobs.unfinished(subject, but=but):
                return
        time.sleep(pause)


def _run(app: Flask, claim: jobs.Claim, lease: timedelta, tasks: Mapping[str, Task]) -> None:
    began = time.monotonic()
    hold = Hold(app, claim, lease)
    try:
        if claim.attempt > jobs.MOST_TAKEN:
            raise LostWorkerError
        with hold.kept(), app.app_context():
            tasks[claim.kind].run(hold.progress, **claim.arguments)
    except jobs.CancelledJobError:
        _log.info("job stopped: nobody wants it any more, or another worker has it")
    except Exception as error:  # whatever a task does wrong is stored with its job
        _log.exception("job failed")
        _note_failure(app, claim, error, tasks)
    else:
        with app.app_context():
            ours = jobs.finish(claim, utcnow())
        _log.info("job done", ms=round((time.monotonic() - began) * 1000), still_ours=ours)


def _note_failure(
    app: Flask, claim: jobs.Claim, error: Exception, tasks: Mapping[str, Task]
) -> None:
    cause = str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
    task = tasks.get(claim.kind)
    with app.app_context():
        try:
            jobs.fail(claim, cause, utcnow(), give_up=task.give_up if task else None)
        except Exception:  # a job whose subject cannot be told must not come back for ever
            _log.exception("cannot tell the job's subject that it was given up")
            jobs.fail(claim, cause, utcnow())
