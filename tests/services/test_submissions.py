"""Forms that change things: carried out once, however often they are sent."""

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import OLGA
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditEntry, Client, Submission
from vertex.services import clients, submissions
from vertex.services._transaction import atomic
from vertex.services.clients import Details

pytestmark = pytest.mark.usefixtures("vertex_app")

ANNA = Details("Anna", "+79161234567")
BORIS = Details("Boris", "+79161234568")


def note(token: str, result: str = "client:1") -> None:
    with atomic():
        submissions.note(token, result)


def count(table: type[Client | Submission | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_every_form_is_shown_with_a_token_of_its_own() -> None:
    tokens = {submissions.new_token() for _ in range(200)}

    assert len(tokens) == 200
    assert all(20 <= len(token) <= 64 for token in tokens)


def test_a_form_that_was_not_sent_may_be_sent() -> None:
    note("other")

    submissions.check("this")

    assert count(Submission) == 1


def test_a_form_that_was_sent_tells_what_it_has_made() -> None:
    note("token", "client:7")

    for again in (submissions.check, note):
        with pytest.raises(ConflictError) as refusal:
            again("token")
        assert (refusal.value.code, refusal.value.params) == ("sent_twice", {"result": "client:7"})
    assert count(Submission) == 1


def test_a_form_whose_change_failed_may_be_sent_again() -> None:
    with pytest.raises(ZeroDivisionError), atomic():
        submissions.note("token", "client:7")
        raise ZeroDivisionError

    submissions.check("token")

    assert count(Submission) == 0


@pytest.mark.parametrize("token", ["", "x" * 65])
def test_a_form_without_a_token_is_refused(token: str) -> None:
    for send in (submissions.check, note):
        with pytest.raises(InvalidError) as refusal:
            send(token)
        assert refusal.value.code == "form_without_token"
    assert count(Submission) == 0


@pytest.mark.parametrize("token", ["Token", "token ", "tok", "%", "' OR 1=1 --", "x" * 64])
def test_tokens_are_compared_exactly(token: str) -> None:
    note("token")

    submissions.check(token)


def test_old_forms_are_forgotten_and_others_are_not() -> None:
    note("old")
    note("young")
    with atomic():
        for submission in db.session.scalars(select(Submission)):
            days = 31 if submission.token == "old" else 29
            submission.created_at -= timedelta(days=days)

    submissions.forget_old()

    assert db.session.scalars(select(Submission.token)).all() == ["young"]


def test_a_client_is_noted_with_the_form_that_made_them() -> None:
    client = clients.create(ANNA, actor=OLGA, submission="token")

    with pytest.raises(ConflictError) as refusal:
        clients.create(BORIS, actor=OLGA, submission="token")

    assert refusal.value.code == "sent_twice"
    assert refusal.value.params == {"result": f"client:{client.id}"}
    assert (count(Client), count(AuditEntry)) == (1, 1)


def test_a_form_that_was_refused_may_be_corrected_and_sent_again() -> None:
    clients.create(ANNA, actor=OLGA)

    with pytest.raises(ConflictError) as refusal:
        clients.create(ANNA, actor=OLGA, submission="token")
    corrected = clients.create(BORIS, actor=OLGA, submission="token")

    assert refusal.value.code == "phone_taken"
    assert corrected.name == "Boris"


class TestSentAtOnce:
    def test_makes_one_client_of_the_same_phone(self, vertex_app: Flask) -> None:
        made, refusals = send_at_once(vertex_app, [ANNA] * 6)

        assert (len(made), len(refusals)) == (1, 5)
        assert {error.code for error in refusals} == {"sent_twice"}
        assert (count(Client), count(AuditEntry), count(Submission)) == (1, 1, 1)

    def test_makes_one_client_whatever_else_differs(self, vertex_app: Flask) -> None:
        made, refusals = send_at_once(
            vertex_app, [Details("Anna", f"+7916123450{n}") for n in range(6)]
        )

        assert (len(made), len(refusals)) == (1, 5)
        assert {error.code for error in refusals} == {"sent_twice"}
        assert (count(Client), count(AuditEntry), count(Submission)) == (1, 1, 1)

    def test_names_to_everybody_the_client_that_was_made(self, vertex_app: Flask) -> None:
        made, refusals = send_at_once(vertex_app, [ANNA] * 6)

        assert {error.params["result"] for error in refusals} == set(made)

    def test_names_what_was_made_while_it_waited(self, vertex_app: Flask) -> None:
        refusals: list[ConflictError] = []

        def send_too() -> None:
            with vertex_app.app_context(), pytest.raises(ConflictError) as refusal:
                note("token", "client:second")
            refusals.append(refusal.value)

        second = threading.Thread(target=send_too)
        with atomic():
            submissions.note("token", "client:first")
            second.start()
            time.sleep(0.3)  # until it waits for this transaction
        second.join()

        assert [error.params["result"] for error in refusals] == ["client:first"]


def send_at_once(app: Flask, forms: list[Details]) -> tuple[list[str], list[ConflictError]]:
    """What the same form makes, and how it is refused, when threads send it at one time."""
    made: list[str] = []
    refusals: list[ConflictError] = []
    gate = threading.Barrier(len(forms))

    def send(details: Details) -> None:
        with app.app_context():
            gate.wait()
            try:
                client = clients.create(details, actor=OLGA, submission="token")
                made.append(clients.subject_of(client.id))
            except ConflictError as error:
                refusals.append(error)

    threads = [threading.Thread(target=send, args=(details,)) for details in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made, refusals
