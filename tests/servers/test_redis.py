"""Limits kept in a real Redis: shared by all processes, and not missed for long when it is away."""

import time
from pathlib import Path

import pytest
from flask import Flask

from tests.cli.test_doctor import examine
from tests.conftest import MakeApp
from tests.servers.redis import Redis
from tests.servers.test_gunicorn import gunicorn, status, wait_for
from vertex.runtime import runtime_of


@pytest.fixture
def scaled(make_app: MakeApp, redis_server: Redis) -> Flask:
    """One process of an installation that counts in Redis."""
    return make_app(redis_url=redis_server.url, workers=2, staff_limit="5 per minute")


def statuses(app: Flask, times: int) -> list[int]:
    """What a stranger is answered who asks several times; nobody has an account yet."""
    return [app.test_client().get("/login").status_code for _ in range(times)]


def test_processes_count_together(scaled: Flask, redis_server: Redis, tmp_path: Path) -> None:
    settings, log = scaled.extensions["vertex"].settings, tmp_path / "log"
    more = {
        "VERTEX_WORKERS": "2",
        "VERTEX_REDIS_URL": redis_server.url,
        "VERTEX_STAFF_LIMIT": "5 per minute",
    }

    with gunicorn(settings, log, **more) as (_, port):
        assert wait_for(lambda: status(port, "/health/db") == 200), log.read_text()
        answers = [status(port, "/login") for _ in range(30)]

    assert answers == [302] * 5 + [429] * 25
    assert redis_server.keys()


def test_without_redis_each_process_counts_for_itself(scaled: Flask, redis_server: Redis) -> None:
    redis_server.stop()
    began = time.monotonic()

    answers = statuses(scaled, 6)

    assert answers == [302] * 5 + [429]
    assert time.monotonic() - began < 10


def test_redis_that_goes_and_comes_back_is_counted_in_again(
    scaled: Flask, redis_server: Redis
) -> None:
    assert statuses(scaled, 1) == [302]
    redis_server.stop()
    assert statuses(scaled, 1) == [302]
    redis_server.start()
    time.sleep(5)

    statuses(scaled, 2)

    assert redis_server.keys()


def test_the_doctor_allows_more_workers_as_long_as_redis_answers(
    scaled: Flask, redis_server: Redis
) -> None:
    threads = runtime_of(scaled).settings.threads

    _, findings = examine(scaled)
    assert findings["Redis"] == ("ok", "answers")
    assert findings["workers"] == ("ok", f"2, with {threads} threads each")

    redis_server.stop()
    code, findings = examine(scaled)

    assert code == 1
    assert findings["Redis"][0] == "fail"
