"""What the studio's first page counts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from tests.factories import make_client, make_job, make_order, make_portrait, make_public_code
from vertex.extensions import db
from vertex.models import JobState, OrderStatus, PortraitStatus, Recognisable, Visit
from vertex.services import dashboard

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("vertex_app")


def day_in(hours: int) -> Callable[[datetime], date]:
    return lambda time: time.astimezone(timezone(timedelta(hours=hours))).date()


def make_visit(at: datetime, **given: object) -> None:
    visit = Visit(token=uuid4().hex, code_id=CODES[-1], **given)
    db.session.add(visit)
    db.session.flush()
    db.session.execute(update(Visit).where(Visit.id == visit.id).values(created_at=at))
    db.session.commit()


CODES: list[object] = []


@pytest.fixture
def code(vertex_app: Flask) -> None:
    CODES.append(make_public_code(portrait_id=make_portrait().id).id)


def test_numbers_of_an_empty_studio() -> None:
    assert dashboard.numbers(TODAY) == dashboard.Numbers(0, 0, 0, 0, 0)


def test_numbers_count_what_is_there() -> None:
    client = make_client()
    make_order(client_id=client.id, due_on=TODAY - timedelta(days=1))
    make_order(client_id=client.id, due_on=TODAY)
    late = {"client_id": client.id, "due_on": TODAY - timedelta(days=1)}
    make_order(**late, status=OrderStatus.DELIVERED)
    make_order(**late, deleted_at=datetime.now(UTC))
    make_portrait(client_id=client.id)
    for state in (JobState.QUEUED, JobState.FAILED, JobState.FAILED, JobState.DONE):
        make_job(state=state)

    found = dashboard.numbers(TODAY)

    assert found == dashboard.Numbers(clients=1, portraits=1, overdue=1, waiting=1, failed=2)


def test_poor_are_those_that_could_still_be_mended() -> None:
    def poor(status: OrderStatus | None, **given: object) -> object:
        order = {} if status is None else {"order_id": make_order(status=status).id}
        return make_portrait(recognisable=Recognisable.NO, **order, **given).id

    open_one = poor(OrderStatus.READY)
    loose = poor(None)
    poor(OrderStatus.DELIVERED)
    poor(None, deleted_at=datetime.now(UTC))
    failed = make_portrait(status=PortraitStatus.FAILED).id
    make_portrait()

    assert [portrait.id for portrait in dashboard.poor_portraits()] == [failed, loose, open_one]


@pytest.mark.usefixtures("code")
def test_visits_lie_on_the_days_of_the_studio() -> None:
    make_visit(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), camera=True, found_ms=900)
    make_visit(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), camera=True)
    make_visit(datetime(2026, 11, 23, 10, 5, tzinfo=UTC))
    make_visit(datetime(2026, 10, 1, 10, 0, tzinfo=UTC))

    utc = dashboard.visits_by_day(TODAY, day_of=day_in(0))
    moscow = dashboard.visits_by_day(TODAY, day_of=day_in(3))

    assert len(utc) == dashboard.DAYS
    assert (utc[-1].on, utc[0].on) == (TODAY, TODAY - timedelta(days=29))
    assert utc[-2] == dashboard.Day(date(2026, 11, 23), opened=3, camera=2, found=1)
    assert utc[-1] == dashboard.Day(TODAY)
    assert (moscow[-2].opened, moscow[-1].opened, moscow[-1].found) == (2, 1, 1)
    assert sum(day.opened for day in utc) == 3
