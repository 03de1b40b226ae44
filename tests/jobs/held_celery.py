"""A Celery worker that knows one more kind of job: it writes down what it does, and may hold it."""

import os
import time
from pathlib import Path
from typing import cast

from vertex.jobs import TASKS, Task
from vertex.jobs.celery_app import celery
from vertex.services.jobs import Progress

__all__ = ["celery"]


def write_down(_progress: Progress, *, file: str) -> None:
    """Note the beginning and the end of the work, between which some workers never get on."""
    with Path(file).open("a") as log:
        log.write("begun\n")
        log.flush()
        time.sleep(float(os.environ.get("TEST_HOLDS", "0")))
        log.write("ended\n")


cast(dict[str, Task], TASKS)["test"] = Task(run=write_down)
