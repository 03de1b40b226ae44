"""`flask jobs`: the work done outside requests."""

import json
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from vertex.cli._refusals import refusals_as_sentences
from vertex.jobs import cancel, retry, run_all, run_one
from vertex.models import Job, JobState, utcnow
from vertex.services import job_steering, jobs
from vertex.services.audit import CLI

jobs_cli = AppGroup("jobs", help="See and run the work done outside requests.")


@jobs_cli.command("list")
@click.option("--state", type=click.Choice([state.value for state in JobState]))
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
def index(state: str | None, limit: int) -> None:
    """Print the newest jobs."""
    chosen = JobState(state) if state else None
    for job in job_steering.page(limit=limit, state=chosen).jobs:
        error = f"  {job.error}" if job.error else ""
        click.echo(
            f"{job.id}  {job.state:<9}  {job.kind}  {job.subject}  attempt {job.attempts}{error}"
        )


@jobs_cli.command("show")
@click.argument("job_id", metavar="ID")
def show(job_id: str) -> None:
    """Print all that is known of one job."""
    with refusals_as_sentences():
        job = job_steering.get_by_prefix(job_id)
    for name, value in _facts(job).items():
        if value is not None:
            click.echo(f"{name:<12}{value}")


@jobs_cli.command("retry")
@click.argument("job_id", metavar="ID")
def try_again(job_id: str) -> None:
    """Give a failed or cancelled job all its attempts anew."""
    with refusals_as_sentences():
        job = retry(job_steering.get_by_prefix(job_id).id, actor=CLI)
    click.echo(f"{job.id} is queued.")


@jobs_cli.command("cancel")
@click.argument("job_id", metavar="ID")
def give_up(job_id: str) -> None:
    """Cancel a job that is queued or running."""
    with refusals_as_sentences():
        job = cancel(job_steering.get_by_prefix(job_id).id, actor=CLI)
    click.echo(f"{job.id} is cancelled.")


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


def _facts(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "kind": job.kind,
        "subject": job.subject,
        "arguments": json.dumps(job.arguments, ensure_ascii=False),
        "state": job.state,
        "priority": job.priority,
        "attempts": f"{job.attempts} of {jobs.MOST_ATTEMPTS}",
        "progress": None if job.progress is None else f"{job.progress:.0%}",
        "added": job.created_at,
        "due": job.run_at,
        "held until": job.lease_until,
        "ended": job.finished_at,
        "error": job.error,
    }
