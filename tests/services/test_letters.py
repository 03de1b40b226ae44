"""Letters: sealed while they wait, emptied when they are sent, told of when they fail."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import OLGA, make_order, make_portrait, make_user
from tests.servers.mail import Postbox, taking_mail
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.jobs import retry, run_all
from vertex.mail import Words
from vertex.models import (
    AuditEntry,
    Job,
    JobState,
    Letter,
    LetterKind,
    LetterState,
    Notification,
    NotificationType,
    Order,
    Role,
    User,
    utcnow,
)
from vertex.queue import ThreadQueue
from vertex.runtime import runtime
from vertex.services import approvals, jobs, letters, submissions
from vertex.services._transaction import atomic
from vertex.services.approvals import Stand
from vertex.services.letters import About, Draft
from vertex.services.sealing import BrokenSealError, Seal

PIN = "471193"


@pytest.fixture
def box() -> Iterator[Postbox]:
    with taking_mail() as box:
        yield box


@pytest.fixture
def studio(box: Postbox, make_app: MakeApp) -> Iterator[Flask]:
    app = make_app(**box.settings)
    with app.app_context():
        yield app


@pytest.fixture
def sender(studio: Flask) -> User:
    return make_user()


def send(order: Order, sender: User, recipient: str = "anna@example.com", **given: Any) -> Letter:
    """A letter about an order, that nobody has carried away yet."""
    settings = runtime().settings
    return letters.send(
        About(f"order:{order.id}", order_id=order.id),
        Draft(
            given.pop("kind", LetterKind.SHARE),
            recipient,
            Words(**{"subject": "Hello", "text": f"PIN: {PIN}", "language": "en", **given}),
            tells_pin=True,
        ),
        sender_id=sender.id,
        actor=OLGA,
        settings=settings,
        seal=Seal(settings.own_secret()),
        queue=ThreadQueue(),
        submission=submissions.new_token(),
    )


def test_it_arrives_and_what_was_in_it_is_forgotten(
    studio: Flask, box: Postbox, sender: User
) -> None:
    letter = send(make_order(), sender)

    run_all(studio)

    db.session.refresh(letter)
    assert PIN in str(box.messages[0].get_body(("plain",)))
    assert (letter.state, letter.sealed, letter.sent_at is None) == (LetterState.SENT, None, False)


def test_no_pin_can_be_read_in_the_database_while_it_waits(studio: Flask, sender: User) -> None:
    letter = send(make_order(), sender)

    stored = [
        str(vars(row)) for table in (Letter, Job, AuditEntry) for row in db.session.query(table)
    ]
    assert letter.sealed is not None
    for text in (*stored, base64.urlsafe_b64decode(letter.sealed).decode("latin-1")):
        assert PIN not in text
    assert PIN in Seal(runtime().settings.own_secret()).open(letter.sealed).decode()
    with pytest.raises(BrokenSealError):
        Seal("another secret of somebody").open(letter.sealed)


def test_a_server_that_is_away_is_asked_again_later(
    studio: Flask, box: Postbox, sender: User
) -> None:
    box.refusals["anna@example.com"] = "451 Come back later"
    letter = send(make_order(), sender)

    run_all(studio)
    job = db.session.query(Job).one()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    assert job.run_at > utcnow()
    assert "451 Come back later" in str(job.error)
    box.refusals.clear()
    _make_due()
    run_all(studio)

    db.session.refresh(letter)
    assert letter.state is LetterState.SENT
    assert len(box.raw) == 1


def test_what_is_given_up_is_told_and_can_be_tried_again(
    studio: Flask, box: Postbox, sender: User
) -> None:
    boss = make_user(role=Role.ADMIN)
    box.refusals["anna@example.com"] = "451 Come back later"
    letter = send(make_order(), sender)

    for _ in range(jobs.MOST_ATTEMPTS):
        run_all(studio)
        _make_due()

    assert _state_of(letter) is LetterState.FAILED
    assert _told(NotificationType.MAIL_FAILED) == {boss.id, sender.id}
    box.refusals.clear()
    retry(db.session.query(Job).one().id, actor=OLGA)
    run_all(studio)
    assert _state_of(letter) is LetterState.SENT


def test_what_is_refused_for_good_is_not_tried_again(
    studio: Flask, box: Postbox, sender: User
) -> None:
    box.refusals["anna@example.com"] = "550 No such mailbox"
    letter = send(make_order(), sender)

    run_all(studio)

    db.session.refresh(letter)
    assert (letter.state, letter.trouble) == (LetterState.FAILED, "550 No such mailbox")
    assert db.session.query(Job).one().state is JobState.DONE
    assert _told(NotificationType.MAIL_FAILED) == {sender.id}


def test_a_job_that_runs_twice_sends_once(studio: Flask, box: Postbox, sender: User) -> None:
    letter = send(make_order(), sender)
    settings = runtime().settings

    for _ in range(2):
        letters.deliver_one(letter.id, settings=settings, seal=Seal(settings.own_secret()))

    assert len(box.raw) == 1


def test_a_letter_asks_for_the_approval_it_is_about(studio: Flask, sender: User) -> None:
    order = make_order()
    make_portrait(order_id=order.id)

    send(order, sender, kind=LetterKind.APPROVE)

    standing = approvals.of_order(order.id)
    assert standing and standing.stand is Stand.WAITING


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"recipient": "anna"}, "recipient"),
        ({"recipient": "anna@example.com\nBcc: all@example.com"}, "recipient"),
        ({"subject": " "}, "subject"),
        ({"text": ""}, "body"),
    ],
)
def test_what_cannot_be_sent_leaves_nothing(
    studio: Flask, sender: User, given: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidError) as error:
        send(make_order(), sender, **given)

    assert error.value.field == field
    assert db.session.query(Letter).count() == db.session.query(Job).count() == 0


def test_without_a_server_nothing_is_promised(vertex_app: Flask) -> None:
    with pytest.raises(ConflictError, match="mail_not_set_up"):
        send(make_order(), make_user())

    assert db.session.query(Letter).count() == 0


def test_what_could_not_be_sent_is_forgotten_after_a_week(studio: Flask, sender: User) -> None:
    old, young = send(make_order(), sender), send(make_order(), sender)
    with atomic():
        old.created_at = utcnow() - letters.KEPT_SEALED - timedelta(minutes=1)

    letters.forget_sealed()

    db.session.expire_all()
    assert (old.sealed, old.state) == (None, LetterState.FAILED)
    assert young.sealed is not None


def _state_of(letter: Letter) -> LetterState:
    db.session.refresh(letter)
    return letter.state


def _make_due() -> None:
    with atomic():
        db.session.query(Job).update({Job.run_at: utcnow()})


def _told(type_: NotificationType) -> set[Any]:
    return {one.user_id for one in db.session.query(Notification).filter_by(type=type_)}
