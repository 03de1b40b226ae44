"""The server as it is run: answers, does what waits to be done, and stops when told to."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import MakeApp
from tests.factories import OLGA, make_client, make_job
from tests.pictures import astronaut, jpeg
from vertex.extensions import db
from vertex.jobs import SCHEDULES
from vertex.models import Job, JobState, Recognisable, utcnow
from vertex.runtime import runtime
from vertex.services import portraits
from vertex.services.portraits import MARKER_JOB
from vertex.settings import Settings

ROOT = Path(__file__).parents[2]


@contextmanager
def gunicorn(
    settings: Settings, log: Path, **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server over this installation, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "VERTEX_INSTANCE": str(settings.instance),
        "VERTEX_DATABASE_URL": settings.database,
        "VERTEX_LEASE_SECONDS": "1",
        "PORT": str(port),
        **more,
    }
    command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
    with log.open("wb") as output:
        # a group of its own: a kill must reach the worker too, which would end its jobs in peace
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=output, start_new_session=True
        )
    try:
        yield server, port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def status(port: int, path: str) -> int:
    """What the server answers, or 0 as long as it does not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it happened in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.02)
    return False


def test_answers_runs_lost_jobs_and_stops_when_told(make_app: MakeApp, tmp_path: Path) -> None:
    app, log = make_app(), tmp_path / "log"
    with app.app_context():
        lost = make_job(kind="gone", state=JobState.RUNNING, attempts=1, lease_until=utcnow())

        def attempts() -> int:
            db.session.rollback()
            return db.session.get_one(Job, lost.id).attempts

        def done() -> set[str]:
            db.session.rollback()
            return set(db.session.scalars(select(Job.kind).where(Job.state == JobState.DONE)))

        with gunicorn(runtime().settings, log) as (server, port):
            assert wait_for(lambda: status(port, "/health/db") == 200), log.read_text()
            assert wait_for(lambda: attempts() == 2), log.read_text()
            # what is due by the clock is begun by the server, too
            assert wait_for(lambda: done() == {one.kind for one in SCHEDULES}), log.read_text()
            assert status(port, "/nowhere") == 404

            server.send_signal(signal.SIGTERM)

            assert server.wait(20) == 0

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    paths = {line["path"]: line["request_id"] for line in lines if line["event"] == "request"}
    assert set(paths) == {"/health/db", "/nowhere"}
    assert any(line["logger"] == "gunicorn.error" for line in lines)


def test_a_marker_begun_by_a_killed_server_is_made_by_the_next(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app, log = make_app(), tmp_path / "log"
    with app.app_context():
        portrait = portraits.create(
            client_id=make_client().id,
            image=BytesIO(jpeg(astronaut())),
            filename="astronaut.jpg",
            actor=OLGA,
            storage=runtime().storage,
        )

        def job() -> Job:
            db.session.rollback()
            return db.session.scalars(select(Job).where(Job.kind == MARKER_JOB)).one()

        with gunicorn(runtime().settings, log) as (server, _):
            assert wait_for(lambda: job().state is JobState.RUNNING), log.read_text()
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        assert (job().state, portrait.marker_key) == (JobState.RUNNING, None)

        with gunicorn(runtime().settings, log):
            assert wait_for(lambda: job().state is JobState.DONE), log.read_text()

        assert job().attempts == 2
        assert portrait.recognisable is Recognisable.YES
        assert portrait.marker_key is not None
        assert runtime().storage.stat(portrait.marker_key).size == portrait.marker_bytes


def test_leaves_the_jobs_to_celery_where_that_is_asked_for(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app, log = make_app(), tmp_path / "log"
    # a Redis is not asked for before there is something to wake
    more = {"VERTEX_JOBS": "celery", "VERTEX_REDIS_URL": "redis://127.0.0.1:1/0"}
    with app.app_context():
        make_job(kind="gone")

        with gunicorn(runtime().settings, log, **more) as (_, port):
            assert wait_for(lambda: status(port, "/health/db") == 200), log.read_text()
            time.sleep(3)

        db.session.rollback()
        assert [job.attempts for job in db.session.scalars(select(Job))] == [0]


@pytest.mark.parametrize("program", ["gunicorn", "flask"])
def test_settings_that_cannot_be_are_told_in_words(tmp_path: Path, program: str) -> None:
    environment = {**os.environ, "VERTEX_INSTANCE": str(tmp_path), "VERTEX_THREADS": "many"}
    command = [sys.executable, "-m", program, "wsgi:app" if program == "gunicorn" else "doctor"]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode != 0
    assert "VERTEX_THREADS: Input should be a valid integer" in done.stderr
    assert "Traceback" not in done.stderr


def test_keeps_an_idle_connection_longer_than_nginx_does() -> None:
    kept = re.search(r"^keepalive = (\d+)", (ROOT / "gunicorn.conf.py").read_text(), re.M)
    used = re.search(
        r"^    keepalive_timeout (\d+)s;", (ROOT / "deploy/nginx/vertex.conf").read_text(), re.M
    )

    assert kept and used
    assert int(kept[1]) >= int(used[1]) + 3  # or a form sent on a connection being closed is lost
