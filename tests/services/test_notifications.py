"""Notifications: told in the transaction of what they are about, to those it concerns, once."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories import make_job, make_notification, make_user
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import Notification, NotificationType, Role, utcnow
from vertex.services import jobs, notifications
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")

FAILED = NotificationType.JOB_FAILED


def told() -> Counter[UUID]:
    """How many notifications each person has."""
    return Counter(db.session.scalars(select(Notification.user_id)))


def test_every_admin_is_told_and_nobody_else() -> None:
    admins = {make_user(role=Role.ADMIN).id, make_user(role=Role.ADMIN).id}
    make_user()
    make_user(role=Role.ADMIN, active=False)
    make_user(role=Role.ADMIN, deleted_at=utcnow())

    notifications.tell_admins(FAILED, {"kind": "test"}, "test:1")

    assert told() == dict.fromkeys(admins, 1)


def test_nothing_is_told_of_what_was_not_stored() -> None:
    make_user(role=Role.ADMIN)

    with pytest.raises(RuntimeError), atomic():
        notifications.tell_admins(FAILED, {"kind": "test"}, "test:1")
        raise RuntimeError

    assert not told()


def test_the_same_is_told_again_only_to_those_who_have_read_it() -> None:
    reads, rests = make_user(role=Role.ADMIN).id, make_user(role=Role.ADMIN).id
    notifications.tell_admins(FAILED, {"kind": "test"}, "test:1")
    notifications.mark_all_read(reads)

    notifications.tell_admins(FAILED, {"kind": "test"}, "test:1")

    assert told() == {reads: 2, rests: 1}


@pytest.mark.parametrize(("kind", "subject"), [("other", "test:1"), ("test", "test:2")])
def test_another_thing_is_told_besides(kind: str, subject: str) -> None:
    admin = make_user(role=Role.ADMIN).id
    notifications.tell_admins(FAILED, {"kind": "test"}, "test:1")

    notifications.tell_admins(FAILED, {"kind": kind}, subject)

    assert told() == {admin: 2}


def test_a_job_that_is_given_up_is_told_of_once_until_that_is_read() -> None:
    admin = make_user(role=Role.ADMIN).id
    for _ in range(2):
        make_job(kind="marker.build", subject="portrait:1", attempts=jobs.MOST_ATTEMPTS - 1)
        claim = jobs.claim(utcnow(), lease=timedelta(seconds=60))
        assert claim is not None
        jobs.fail(claim, "no luck", utcnow())

    found = notifications.page(admin).notifications

    assert [(one.type, one.parameters, one.subject) for one in found] == [
        (FAILED, {"kind": "marker.build"}, "portrait:1")
    ]


def test_a_job_that_will_be_tried_again_is_not_told_of() -> None:
    admin = make_user(role=Role.ADMIN).id
    make_job()
    claim = jobs.claim(utcnow(), lease=timedelta(seconds=60))
    assert claim is not None

    jobs.fail(claim, "no luck", utcnow())

    assert notifications.unread_count(admin) == 0


def test_what_is_read_is_not_counted_any_more() -> None:
    admin = make_user().id
    first = make_notification(user_id=admin)
    make_notification(user_id=admin)
    make_notification()

    assert notifications.unread_count(admin) == 2
    notifications.mark_read(first.id, user_id=admin)
    assert notifications.unread_count(admin) == 1
    notifications.mark_all_read(admin)
    assert notifications.unread_count(admin) == 0


def test_one_cannot_read_for_another() -> None:
    theirs = make_notification()

    with pytest.raises(NotFoundError):
        notifications.mark_read(theirs.id, user_id=make_user().id)

    assert theirs.read_at is None


def test_they_are_listed_the_newest_first_and_page_by_page() -> None:
    admin = make_user().id
    made = [make_notification(user_id=admin).id for _ in range(32)]

    first = notifications.page(admin)
    second = notifications.page(admin, after=first.after)

    assert [one.id for one in [*first.notifications, *second.notifications]] == made[::-1]
    assert second.after is None


def test_what_was_read_long_ago_is_forgotten() -> None:
    admin = make_user().id
    long_ago = utcnow() - notifications.LONGEST_READ - timedelta(days=1)
    make_notification(user_id=admin, read_at=long_ago)
    kept = {make_notification(user_id=admin, read_at=utcnow()).id}
    kept.add(make_notification(user_id=admin, created_at=long_ago).id)

    notifications.forget_old()

    assert {one.id for one in notifications.page(admin).notifications} == kept
