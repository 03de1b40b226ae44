"""What comes in from the queue: rows of `jobs`, run by threads or by hand."""

from flask import Flask

from vertex.jobs.loop import JobLoop
from vertex.jobs.runner import run_all, run_one, run_until_done
from vertex.jobs.steering import cancel, retry
from vertex.jobs.tasks import TASKS, Task
from vertex.jobs.ticker import SCHEDULES, Ticker, tick
from vertex.runtime import Runtime

__all__ = [
    "SCHEDULES",
    "TASKS",
    "JobLoop",
    "Task",
    "Ticker",
    "cancel",
    "init_app",
    "retry",
    "run_all",
    "run_one",
    "run_until_done",
    "tick",
]


def init_app(app: Flask) -> None:
    """Tell a queue that runs jobs in the waking thread how; no thread is started here."""
    collaborators: Runtime = app.extensions["vertex"]
    collaborators.queue.attach(lambda: run_all(app))
