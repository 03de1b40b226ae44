"""Runs one job: claim, heartbeat, task, and what became of it."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import structlog
from flask import Flask

from vertex.errors import DomainError
from vertex.jobs.tasks import TASKS, Task
from vertex.models import utcnow
from vertex.runtime import Runtime
from vertex.services import jobs

_BEATS_PER_LEASE = 4

_log = structlog.get_logger("vertex.jobs")


class LostWorkerError(Exception):
    """Each worker that took the job has vanished while at it."""


def run_one(app: Flask, *, subject: str | None = None, tasks: Mapping[str, Task] = TASKS) -> bool:
    """Run the next due job, of this subject or of any; False if there is none."""
    lease = _lease(app)
    with app.app_context():
        jobs.requeue_lost(utcnow())
        claim = jobs.claim(utcnow(), lease=lease, subject=subject)
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


def run_until_done(app: Flask, subject: str, *, pause: float = 0.2) -> None:
    """Return when nothing is left to do about this subject, by whoever did it."""
    while True:
        if run_one(app, subject=subject):
            continue
        with app.app_context():
            if not jobs.unfinished(subject):
                return
        time.sleep(pause)


def _run(app: Flask, claim: jobs.Claim, lease: timedelta, tasks: Mapping[str, Task]) -> None:
    began = time.monotonic()
    try:
        if claim.attempt > jobs.MOST_ATTEMPTS:
            raise LostWorkerError
        with _heartbeat(app, claim, lease), app.app_context():
            tasks[claim.kind].run(**claim.arguments)
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
    with app.app_context():
        given_up = jobs.fail(claim, cause, utcnow())
        if given_up and claim.kind in tasks:
            tasks[claim.kind].give_up(**claim.arguments)


@contextmanager
def _heartbeat(app: Flask, claim: jobs.Claim, lease: timedelta) -> Iterator[None]:
    """Keep the claim for as long as the block runs in a living process."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease.total_seconds() / _BEATS_PER_LEASE):
            with app.app_context():
                if not jobs.extend(claim, utcnow() + lease):
                    return

    thread = threading.Thread(target=beat, name=f"heartbeat-{claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _lease(app: Flask) -> timedelta:
    collaborators: Runtime = app.extensions["vertex"]
    return timedelta(seconds=collaborators.settings.lease_seconds)
