"""`flask jobs`: what ops see and do of the work outside requests."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import make_job
from vertex.models import JobState, utcnow


def flask(app: Flask, *arguments: str) -> str:
    """What the command prints."""
    result = app.test_cli_runner().invoke(args=["jobs", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_lists_the_newest_first_and_says_why_one_failed(vertex_app: Flask) -> None:
    make_job(subject="portrait:1", state=JobState.FAILED, error="no luck")
    make_job(subject="portrait:2")

    newest, oldest = flask(vertex_app, "list").splitlines()

    assert "portrait:2" in newest
    assert oldest.endswith("no luck")
    assert "portrait:2" not in flask(vertex_app, "list", "--state", "failed")


def test_runs_one_or_all_that_are_due(vertex_app: Flask) -> None:
    for _ in range(3):
        make_job(kind="gone")
    make_job(kind="gone", run_at=utcnow() + timedelta(hours=1))

    assert flask(vertex_app, "run", "--once") == "Ran 1.\n"
    assert flask(vertex_app, "run", "--all") == "Ran 2.\n"


def test_puts_back_what_a_lost_worker_held(vertex_app: Flask) -> None:
    make_job(state=JobState.RUNNING, attempts=1, lease_until=utcnow())

    assert flask(vertex_app, "requeue") == "Put back 1.\n"
    assert "queued" in flask(vertex_app, "list")


def test_shows_one_by_the_beginning_of_its_id(vertex_app: Flask) -> None:
    job = make_job(state=JobState.FAILED, attempts=5, error="no luck", arguments={"name": "Анна"})
    lines = dict(
        line.split(maxsplit=1) for line in flask(vertex_app, "show", str(job.id)[:30]).splitlines()
    )

    assert lines["id"] == str(job.id)
    assert (lines["state"], lines["attempts"], lines["error"]) == ("failed", "5 of 5", "no luck")
    assert "Анна" in lines["arguments"]


def test_cancels_a_job_and_tries_it_again(vertex_app: Flask) -> None:
    job = make_job(kind="gone")

    assert flask(vertex_app, "cancel", str(job.id)) == f"{job.id} is cancelled.\n"
    assert "cancelled" in flask(vertex_app, "show", str(job.id))
    assert flask(vertex_app, "retry", str(job.id)) == f"{job.id} is queued.\n"
    assert flask(vertex_app, "list", "--state", "cancelled") == ""


@pytest.mark.parametrize(
    ("command", "state", "sentence"),
    [
        ("retry", JobState.DONE, "Only work that has failed"),
        ("cancel", JobState.DONE, "has ended already"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    vertex_app: Flask, command: str, state: JobState, sentence: str
) -> None:
    job = make_job(state=state)

    for asked in (str(job.id), "ffffffff"):
        result = vertex_app.test_cli_runner().invoke(args=["jobs", command, asked])

        assert result.exit_code == 1
        assert (sentence if asked == str(job.id) else "There is nothing here") in result.stderr
