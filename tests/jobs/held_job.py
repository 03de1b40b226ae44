"""A worker that takes one job, says so, and then holds it until it is killed."""

import os
import sys
import time
from pathlib import Path

from vertex import create_app
from vertex.jobs import Task, run_one
from vertex.services.jobs import Progress
from vertex.settings import Settings


def hold(_progress: Progress, *, step: str) -> None:
    """Say that the job is in hand, and never come to an end."""
    sys.stdout.write(f"{step} {os.getpid()}\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    settings = Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2], lease_seconds=1)
    run_one(create_app(settings), tasks={"test": Task(run=hold, give_up=hold)})
