"""One place commits, whole or not at all, however many do it at once."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.factories import OLGA, make_client, make_user
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client
from vertex.services import audit
from vertex.services._transaction import after_commit, atomic, violates

pytestmark = pytest.mark.usefixtures("vertex_app")


def names() -> list[str]:
    return list(db.session.scalars(select(Client.name).order_by(Client.name)))


def add(name: str, phone: str) -> None:
    db.session.add(Client(name=name, phone=phone))


def test_an_inner_block_is_stored_with_the_outer_one() -> None:
    with atomic():
        with atomic():
            add("Anna", "+79990000001")
        add("Boris", "+79990000002")

    db.session.rollback()
    assert names() == ["Anna", "Boris"]


def test_an_exception_leaves_nothing_of_either_block() -> None:
    with pytest.raises(RuntimeError, match="power cut"), atomic():
        with atomic():
            add("Anna", "+79990000001")
        raise RuntimeError("power cut")

    assert names() == []


def test_what_follows_the_commit_sees_it_stored() -> None:
    seen: list[list[str]] = []

    with atomic():
        after_commit(lambda: seen.append(names()))
        add("Anna", "+79990000001")
        assert seen == []

    assert seen == [["Anna"]]


def test_nothing_follows_a_rollback() -> None:
    seen: list[str] = []

    with pytest.raises(RuntimeError), atomic():
        after_commit(lambda: seen.append("told"))
        raise RuntimeError
    with atomic():
        add("Anna", "+79990000001")

    assert seen == []


def test_after_commit_needs_something_to_follow() -> None:
    with pytest.raises(RuntimeError, match="inside atomic"):
        after_commit(lambda: None)


def test_rows_changed_before_the_block_are_a_mistake() -> None:
    client = make_client(name="Anna")
    client.name = "Olga"

    with pytest.raises(RuntimeError, match="inside atomic"), atomic():
        pass


def test_a_read_before_the_block_does_not_stop_another_writer(vertex_app: Flask) -> None:
    make_client(name="Anna", phone="+79990000001")
    assert names() == ["Anna"]

    def write() -> None:
        with vertex_app.app_context(), atomic():
            add("Boris", "+79990000002")

    run_all([write])
    with atomic():
        add("Clara", "+79990000003")

    assert names() == ["Anna", "Boris", "Clara"]


def test_a_violated_constraint_is_known_by_its_name() -> None:
    make_user(username="olga", email="olga@example.com")

    with pytest.raises(IntegrityError) as caught:
        make_user(username="olga", email="other@example.com")
    db.session.rollback()

    assert violates(caught.value, "uq_users_username")
    assert not violates(caught.value, "uq_users_email")


def test_eight_write_while_eight_read_and_none_fails(vertex_app: Flask) -> None:
    rounds = 25

    def write(writer: int) -> Callable[[], None]:
        def work() -> None:
            for number in range(rounds):
                with vertex_app.app_context():
                    # a transaction that reads before it writes is the one SQLite refuses
                    db.session.scalar(select(func.count(Client.id)))
                    with atomic():
                        db.session.scalar(select(func.count(Client.id)))
                        add(f"Client {writer}", f"+7999{writer:03}{number:04}")
                        audit.record(OLGA, AuditAction.CLIENT_CREATED, f"client:{number}")

        return work

    def read() -> None:
        for _ in range(rounds * 2):
            with vertex_app.app_context():
                clients = db.session.scalar(select(func.count(Client.id))) or 0
                entries = db.session.scalar(select(func.count(AuditEntry.id))) or 0
                # counted later, so it may be ahead on PostgreSQL, and never behind
                assert entries >= clients

    run_all([*(write(writer) for writer in range(8)), *([read] * 8)])

    assert db.session.scalar(select(func.count(Client.id))) == 8 * rounds
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 8 * rounds


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"]
)
def test_the_record_can_only_grow(change: str) -> None:
    audit.record(OLGA, AuditAction.CLIENT_CREATED, "client:1")

    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.connection().exec_driver_sql(change)
    db.session.rollback()

    assert db.session.scalars(select(AuditEntry.actor)).all() == ["user:olga"]


def run_all(work: list[Callable[[], None]]) -> None:
    """Run all at once; raise what any of them has raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(work))

    def run(task: Callable[[], None]) -> None:
        start.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
