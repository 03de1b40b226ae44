"""The scaled mode: jobs by Celery workers on a real Redis, their rows in a real PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import OLGA, make_client, make_job
from tests.pictures import astronaut, jpeg
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis
from vertex.extensions import db
from vertex.jobs import SCHEDULES
from vertex.models import Job, JobState, Recognisable
from vertex.queue import CeleryQueue
from vertex.runtime import runtime
from vertex.services import portraits

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scaled(
    make_app: MakeApp, redis_server: Redis, postgres: Postgres, migrated_postgresql: str
) -> Iterator[Flask]:
    """An installation of the scaled mode, its context open for services."""
    app = make_app(
        database_url=postgres.url(postgres.new_database(migrated_postgresql)),
        redis_url=redis_server.url,
        jobs="celery",
    )
    with app.app_context():
        yield app


@contextmanager
def worker(
    log: Path, module: str = "vertex.jobs.celery_app", **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with its beat over this installation, in a group of its own."""
    settings = runtime().settings
    environment = {
        **os.environ,
        "VERTEX_INSTANCE": str(settings.instance),
        "VERTEX_DATABASE_URL": settings.database,
        "VERTEX_REDIS_URL": settings.redis_url,
        "VERTEX_JOBS": "celery",
        "VERTEX_LEASE_SECONDS": "2",
        **more,
    }
    command = [sys.executable, "-m", "celery", "-A", module, "worker", "--beat", "-c", "2"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(happened: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    """Return when it has happened, or fail with what the workers said."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, log.read_text()[-4000:]
        time.sleep(0.1)


def reload(job: Job) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job.id)


def kinds_done() -> set[str]:
    db.session.rollback()
    return {job.kind for job in db.session.query(Job) if job.state is JobState.DONE}


def test_a_worker_makes_the_marker_of_an_upload_and_does_what_the_clock_says(
    scaled: Flask, tmp_path: Path
) -> None:
    log = tmp_path / "celery.log"
    with worker(log):
        portrait = portraits.create(
            client_id=make_client().id,
            image=BytesIO(jpeg(astronaut())),
            filename="astronaut.jpg",
            actor=OLGA,
            storage=runtime().storage,
            queue=runtime().queue,
        )
        wait_for(lambda: "marker.build" in kinds_done(), log)
        # at once: the beat's second look comes after a minute
        wait_for(lambda: {one.kind for one in SCHEDULES} <= kinds_done(), log, 45)

    assert portrait.recognisable is Recognisable.YES
    assert '"event": "job done"' in log.read_text()


def test_what_a_killed_worker_held_is_done_by_another_once(scaled: Flask, tmp_path: Path) -> None:
    log, written = tmp_path / "celery.log", tmp_path / "written"
    job = make_job(arguments={"file": str(written)})
    runtime().queue.wake()

    with worker(log, "tests.jobs.held_celery", TEST_HOLDS="600") as process:
        wait_for(written.exists, log)
        os.killpg(process.pid, signal.SIGKILL)
    assert reload(job).state is JobState.RUNNING
    with worker(log, "tests.jobs.held_celery"), worker(log, "tests.jobs.held_celery"):
        wait_for(lambda: reload(job).state is JobState.DONE, log)
        time.sleep(3)

    assert written.read_text().split() == ["begun", "begun", "ended"]
    assert reload(job).attempts == 2


def test_a_worker_told_to_stop_ends_what_it_has_in_hand_and_begins_no_more(
    scaled: Flask, tmp_path: Path
) -> None:
    log, written = tmp_path / "celery.log", tmp_path / "written"
    added = [make_job(arguments={"file": str(written)}) for _ in range(40)]
    runtime().queue.wake()

    with worker(log, "tests.jobs.held_celery", TEST_HOLDS="0.5") as process:
        wait_for(written.exists, log)
        process.terminate()
        assert process.wait(60) == 0

    states = [reload(job).state for job in added]
    assert JobState.RUNNING not in states
    assert states.count(JobState.QUEUED) > 20


def test_a_lost_message_loses_no_job(scaled: Flask, redis_server: Redis, tmp_path: Path) -> None:
    log, written = tmp_path / "celery.log", tmp_path / "written"
    job = make_job(arguments={"file": str(written)})
    runtime().queue.wake()
    redis_server.forget_all()

    with worker(log, "tests.jobs.held_celery"):
        wait_for(lambda: reload(job).state is JobState.DONE, log)

        again = make_job(arguments={"file": str(written)})
        redis_server.stop()
        runtime().queue.wake()
        redis_server.start()
        wait_for(lambda: reload(again).state is JobState.DONE, log)

    assert written.read_text().split() == ["begun", "ended"] * 2


def test_an_upload_succeeds_while_redis_is_away(
    scaled: Flask, redis_server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.stop()
    client = make_client()
    began = time.monotonic()

    portrait = portraits.create(
        client_id=client.id,
        image=BytesIO(jpeg(astronaut())),
        filename="astronaut.jpg",
        actor=OLGA,
        storage=runtime().storage,
        queue=runtime().queue,
    )

    assert isinstance(runtime().queue, CeleryQueue)
    assert time.monotonic() - began < 5
    assert db.session.query(Job).filter_by(subject=f"portrait:{portrait.id}").count() == 1
    assert "no worker was woken" in caplog.text


def test_a_worker_where_threads_do_the_work_says_what_to_set(tmp_path: Path) -> None:
    environment = {**os.environ, "VERTEX_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "celery", "-A", "vertex.jobs.celery_app", "worker"]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode != 0
    assert "set VERTEX_JOBS=celery" in done.stderr
    assert "Traceback" not in done.stderr
