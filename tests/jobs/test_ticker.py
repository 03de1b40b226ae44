"""The clock: what is due is known by name, begun, and done."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_job, make_notification, make_user
from vertex.extensions import db
from vertex.jobs import SCHEDULES, TASKS, Ticker, run_all, tick
from vertex.models import Job, JobState, Notification, Session, Submission, utcnow
from vertex.services import sessions
from vertex.services._transaction import atomic
from vertex.web.work import KINDS

LONG_AGO = utcnow() - timedelta(days=365)


def test_every_kind_can_be_done_and_is_known_in_words() -> None:
    assert {one.kind for one in SCHEDULES} <= TASKS.keys() <= KINDS.keys()


def test_what_is_due_is_done_once(vertex_app: Flask) -> None:
    old = make_job(state=JobState.DONE, finished_at=LONG_AGO).id
    make_notification(read_at=LONG_AGO)
    sessions.begin(make_user(), user_agent="", ip=None)
    with atomic():
        db.session.scalars(select(Session)).one().last_seen_at = LONG_AGO
        db.session.add(Submission(token="t", result="test:1", created_at=LONG_AGO))

    assert tick(vertex_app) == len(SCHEDULES)
    assert tick(vertex_app) == 0
    run_all(vertex_app)

    db.session.rollback()
    states = dict(db.session.execute(select(Job.kind, Job.state)).all())
    assert states == dict.fromkeys((one.kind for one in SCHEDULES), JobState.DONE)
    assert db.session.get(Job, old) is None
    for model in (Notification, Session, Submission):
        assert db.session.scalars(select(model)).all() == []


@pytest.mark.parametrize("usable", [True, False])
def test_only_sessions_nobody_can_use_are_forgotten(vertex_app: Flask, usable: bool) -> None:
    token = sessions.begin(make_user(), user_agent="", ip=None)
    with atomic():
        session = db.session.scalars(select(Session)).one()
        session.expires_at = utcnow() + timedelta(seconds=60 if usable else -1)

    sessions.forget_expired()

    assert (sessions.find(token) is not None) is usable


def test_the_thread_looks_at_once_and_stops_when_told(vertex_app: Flask) -> None:
    ticker = Ticker(vertex_app)

    ticker.start()
    ticker.stop()

    assert len(db.session.scalars(select(Job)).all()) == len(SCHEDULES)
