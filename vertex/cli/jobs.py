"""`flask jobs`: the work done outside requests."""

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from vertex.jobs import run_all, run_one
from vertex.models import JobState, utcnow
from vertex.services import jobs

jobs_cli = AppGroup("jobs", help="See and run the work done outside requests.")


@jobs_cli.command("list")
@click.option("--state", type=click.Choice([state.value for state in JobState]))
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
def show(state: str | None, limit: int) -> None:
    """Print the newest jobs."""
    for job in jobs.latest(limit=limit, state=JobState(state) if state else None):
        error = f"  {job.error}" if job.error else ""
        click.echo(
            f"{job.id}  {job.state:<8}  {job.kind}  {job.subject}  attempt {job.attempts}{error}"
        )


@jobs_cli.command("run")
@click.option("--once", "how", flag_value="once", help="Run one due job.")
@click.option("--all", "how", flag_value="all", default="all", help="Run every due job.")
def run(how: str) -> None:
    """Run due jobs here and now."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    count = int(run_one(app)) if how == "once" else run_all(app)
    click.echo(f"Ran {count}.")


@jobs_cli.command("requeue")
def requeue() -> None:
    """Put back the jobs whose worker is gone."""
    click.echo(f"Put back {jobs.requeue_lost(utcnow())}.")
