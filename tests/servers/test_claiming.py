"""Claiming on a real PostgreSQL, where many transactions look at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import make_job
from tests.servers.postgres import Postgres
from vertex.models import utcnow
from vertex.services import jobs, schedules
from vertex.services.schedules import Recurring

LEASE = timedelta(seconds=60)
TAKERS = 8


@pytest.fixture
def app(make_app: MakeApp, postgres: Postgres, migrated_postgresql: str) -> Iterator[Flask]:
    """An installation on PostgreSQL, its context open for services."""
    app = make_app(database_url=postgres.url(postgres.new_database(migrated_postgresql)))
    with app.app_context():
        yield app


def at_once(app: Flask, take: Callable[[], object]) -> int:
    """How many of those who try at the same moment succeed."""
    start = Barrier(TAKERS)

    def run(_: int) -> bool:
        with app.app_context():
            jobs.unfinished("nothing")  # connected
            start.wait(10)
            return bool(take())

    with ThreadPoolExecutor(TAKERS) as pool:
        return sum(pool.map(run, range(TAKERS)))


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_heavy_jobs_begin_than_may(app: Flask, most: int) -> None:
    bound = jobs.Bound(frozenset({"convert"}), most)
    for _ in range(TAKERS):
        make_job(kind="convert")

    taken = at_once(app, lambda: jobs.claim(utcnow(), lease=LEASE, bound=bound))

    assert taken == most


def test_each_job_has_one_taker(app: Flask) -> None:
    for _ in range(3):
        make_job()

    assert at_once(app, lambda: jobs.claim(utcnow(), lease=LEASE)) == 3


def test_what_is_due_is_begun_by_one(app: Flask) -> None:
    hourly = Recurring("test", every=timedelta(hours=1))

    assert at_once(app, lambda: schedules.add_due(hourly, utcnow())) == 1
    assert at_once(app, lambda: jobs.claim(utcnow(), lease=LEASE)) == 1
