"""The Celery worker of the scaled mode: `celery -A vertex.jobs.celery_app worker --beat`."""

import logging
from functools import cache
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging
from flask import Flask

from vertex import create_app
from vertex.jobs.runner import run_one
from vertex.jobs.ticker import tick
from vertex.queue import RUN_DUE
from vertex.runtime import Runtime
from vertex.settings import Settings, SettingsError

TICK = "vertex.tick"

_LOOK_EVERY = 10.0  # s: what a lost message or a killed worker has left
_TICK_EVERY = 60.0
# they would say every ten seconds that a worker looks; what it does is said by the runner
_CHATTY = ("celery.app.trace", "celery.beat", "celery.worker.request", "celery.worker.strategy")


def run_due() -> None:
    """Run one due job, and ask for the next: between two of them a worker may be stopped."""
    app = _flask()
    if run_one(app):
        collaborators: Runtime = app.extensions["vertex"]
        collaborators.queue.wake()


def look_at_the_clock() -> None:
    """Add the jobs whose time has come."""
    tick(_flask())


def look_at_once(**_: object) -> None:
    """Have the clock looked at when a beat begins, as the thread of a server does."""
    celery.send_task(TICK, expires=_TICK_EVERY)


def _configuration() -> dict[str, Any]:
    settings = _settings()
    return {
        "broker_url": settings.redis_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_ignore_result": True,
        "task_time_limit": None,
        # rows say what is to be done: a message put aside by a busy worker only comes too late
        "worker_prefetch_multiplier": 1,
        # in memory: as rows decide, a beat forgets nothing, and two of them do no harm
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_schedule": {
            RUN_DUE: _every(RUN_DUE, _LOOK_EVERY),
            TICK: _every(TICK, _TICK_EVERY),
        },
    }


def _every(task: str, seconds: float) -> dict[str, Any]:
    # a message nobody took is worth nothing once the next has come
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


def _settings() -> Settings:
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    if settings.jobs != "celery":
        raise SystemExit("This installation runs its jobs by threads: set VERTEX_JOBS=celery.")
    return settings


@cache
def _flask() -> Flask:
    """The app of this process; made before the fork, with no connection open."""
    return create_app(_settings())


def _set_up_logging(**_: object) -> None:
    _flask()  # one line a JSON object, Celery's own among them
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


celery = Celery("vertex", set_as_current=False)
celery.add_defaults(_configuration)  # read when first needed, not at import
celery.task(name=RUN_DUE)(run_due)
celery.task(name=TICK)(look_at_the_clock)
setup_logging.connect(_set_up_logging)
beat_init.connect(look_at_once)
