"""The first start: who may make the first admin, and that there is only one."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import make_user
from vertex.errors import ForbiddenError, InvalidError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Role, User, utcnow
from vertex.services import accounts, first_start, passwords

pytestmark = pytest.mark.usefixtures("vertex_app")

SECRET = "the secret key of this installation"
PASSWORD = "correct horse battery"


def check(*, given: str = "", ip: str | None = "127.0.0.1", forwarded: bool = False) -> None:
    first_start.check(given=given, secret_key=SECRET, ip=ip, forwarded=forwarded)


def create_first_admin(username: str = "olga", password: str = PASSWORD) -> User:
    return accounts.create_first_admin(
        username=username, email=f"{username}@example.com", password=password, ip="127.0.0.1"
    )


def count(table: type[User | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


class TestToken:
    def test_is_the_same_after_a_restart(self) -> None:
        assert first_start.token(SECRET) == first_start.token(SECRET)

    def test_is_another_with_another_key_and_does_not_tell_the_key(self) -> None:
        token = first_start.token(SECRET)

        assert token != first_start.token(f"{SECRET}.")
        assert len(token) == 32
        assert SECRET not in token


class TestCheck:
    @pytest.mark.parametrize("ip", ["127.0.0.1", "127.8.8.8", "::1"])
    def test_asks_nothing_of_this_machine(self, ip: str) -> None:
        check(ip=ip)

    @pytest.mark.parametrize(
        "ip",
        ["192.0.2.7", "10.0.0.1", "192.168.1.5", "128.0.0.1", "2001:db8::1", "", "unix:", None],
    )
    def test_refuses_any_other(self, ip: str | None) -> None:
        with pytest.raises(ForbiddenError) as refusal:
            check(ip=ip)

        assert refusal.value.code == "set_up_elsewhere"

    def test_refuses_what_a_proxy_of_this_machine_passed_on(self) -> None:
        with pytest.raises(ForbiddenError) as refusal:
            check(ip="127.0.0.1", forwarded=True)

        assert refusal.value.code == "set_up_elsewhere"

    @pytest.mark.parametrize("forwarded", [False, True])
    def test_lets_those_in_who_read_the_terminal(self, forwarded: bool) -> None:
        check(given=first_start.token(SECRET), ip="192.0.2.7", forwarded=forwarded)

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "wrong",
            first_start.token(SECRET)[:-1],
            first_start.token(SECRET).upper(),
            f"{first_start.token(SECRET)} ",
            first_start.token("another key"),
            SECRET,
            "ключ",
            "\x00",
            "x" * 10_000,
        ],
    )
    def test_refuses_any_other_token(self, given: str) -> None:
        with pytest.raises(ForbiddenError) as refusal:
            check(given=given, ip="192.0.2.7")

        assert refusal.value.code == "set_up_elsewhere"

    @pytest.mark.parametrize(
        "given", [{}, {"active": False}, {"deleted_at": utcnow()}], ids=["live", "closed", "binned"]
    )
    def test_refuses_everybody_once_there_is_an_account(self, given: dict[str, object]) -> None:
        make_user(**given)

        for token in ("", first_start.token(SECRET)):
            with pytest.raises(ForbiddenError) as refusal:
                check(given=token)
            assert refusal.value.code == "set_up_already"


class TestTheFirstAdmin:
    def test_is_stored_and_recorded(self) -> None:
        user = create_first_admin()

        entry = db.session.scalars(select(AuditEntry)).one()
        assert (user.username, user.role) == ("olga", Role.ADMIN)
        assert passwords.matches(PASSWORD, user.password_hash)
        assert (entry.action, entry.actor) == (AuditAction.USER_CREATED, "setup")
        assert (entry.subject, entry.ip) == (f"user:{user.id}", "127.0.0.1")

    @pytest.mark.parametrize(
        "given", [{}, {"active": False}, {"deleted_at": utcnow()}], ids=["live", "closed", "binned"]
    )
    def test_is_refused_once_there_is_an_account(self, given: dict[str, object]) -> None:
        make_user(**given)

        with pytest.raises(ForbiddenError) as refusal:
            create_first_admin()

        assert refusal.value.code == "set_up_already"
        assert (count(User), count(AuditEntry)) == (1, 0)

    def test_may_be_tried_again_after_a_password_that_was_refused(self) -> None:
        with pytest.raises(InvalidError):
            create_first_admin(password="short")

        assert (count(User), count(AuditEntry)) == (0, 0)
        assert create_first_admin().role is Role.ADMIN

    def test_is_one_when_many_are_made_at_once(self, vertex_app: Flask) -> None:
        codes: list[str] = []
        gate = threading.Barrier(6)

        def set_up(n: int) -> None:
            with vertex_app.app_context():
                gate.wait()
                try:
                    create_first_admin(f"olga{n}")
                except ForbiddenError as error:
                    codes.append(error.code)

        threads = [threading.Thread(target=set_up, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert codes == ["set_up_already"] * 5
        assert (count(User), count(AuditEntry)) == (1, 1)
