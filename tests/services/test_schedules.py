"""Schedules: each time is begun once, and not before the last one has ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from vertex.extensions import db
from vertex.models import Job, JobState
from vertex.services import jobs, schedules
from vertex.services._transaction import atomic
from vertex.services.schedules import Recurring

pytestmark = pytest.mark.usefixtures("vertex_app")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOURLY = Recurring("test", every=timedelta(hours=1))


def added() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job)))


def end_all() -> None:
    with atomic():
        for job in db.session.scalars(select(Job)):
            job.state = JobState.DONE


def test_is_begun_at_once_and_then_when_its_time_has_come() -> None:
    begun = []

    for passed in (0, 1, 3599, 3600, 3601, 7200):
        begun.append(schedules.add_due(HOURLY, NOON + passed * SECOND))
        end_all()

    assert begun == [True, False, False, True, False, True]
    jobs_added = added()
    assert len(jobs_added) == 3
    assert {(job.kind, job.subject, job.priority) for job in jobs_added} == {
        ("test", "schedule:test", jobs.BULK)
    }


def test_does_not_pile_up_while_nobody_works() -> None:
    schedules.add_due(HOURLY, NOON)

    assert not schedules.add_due(HOURLY, NOON + timedelta(days=1))
    end_all()
    assert schedules.add_due(HOURLY, NOON + timedelta(days=1))

    assert len(added()) == 2


def test_what_was_missed_while_the_server_was_off_is_done_once() -> None:
    schedules.add_due(HOURLY, NOON)
    end_all()

    begun = [schedules.add_due(HOURLY, NOON + timedelta(days=9)) for _ in range(3)]

    assert begun == [True, False, False]


@pytest.mark.parametrize("first", [True, False])
def test_of_many_who_look_at_once_one_begins(vertex_app: Flask, first: bool) -> None:
    if not first:
        schedules.add_due(HOURLY, NOON - timedelta(days=1))
        end_all()

    def look(_: int) -> bool:
        with vertex_app.app_context():
            return schedules.add_due(HOURLY, NOON)

    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(look, range(16)))

    assert sum(begun) == 1
    assert len(added()) == (1 if first else 2)
