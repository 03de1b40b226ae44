"""Signing in: who gets in, and how long those wait who guess."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from tests.factories import OLGA, make_user
from vertex import create_app
from vertex.errors import DomainError, ForbiddenError, InvalidError, NotFoundError, TooManyError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Session, SignInLock, User, utcnow
from vertex.services import accounts, passwords, sessions, sign_in
from vertex.services._transaction import atomic
from vertex.services.sign_in import Origin

pytestmark = pytest.mark.usefixtures("vertex_app")

PASSWORD = "correct horse battery"
STUDIO = Origin("192.0.2.7", user_agent="Firefox", request_id="a-request")
ELSEWHERE = Origin("198.51.100.9")

NO_NAMES = [
    "",
    " ",
    "o",
    "olga romanova",
    "ольга",
    "olga' OR 1=1 --",
    "%",
    "olg_",
    "no\x00body",
    "\x00",
    "😀",
    "x" * 65,
    "я" * 5000,
]


@cache
def hashed() -> str:
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def olga(vertex_app: Flask) -> User:
    return make_user(username="olga", password_hash=hashed())


@pytest.fixture
def restarted(vertex_app: Flask) -> Iterator[Flask]:
    """The program started once more, on the same database."""
    app = create_app(vertex_app.extensions["vertex"].settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def attempt(origin: Origin = STUDIO, *, password: str = PASSWORD, username: str = "olga") -> User:
    return sign_in.sign_in(username, password, origin).user


def fail(origin: Origin = STUDIO, *, username: str = "olga") -> DomainError:
    with pytest.raises((InvalidError, TooManyError)) as refusal:
        attempt(origin, password="not the password", username=username)
    return refusal.value


def fail_often(times: int, origin: Origin = STUDIO, *, username: str = "olga") -> None:
    for _ in range(times):
        fail(origin, username=username)


def refused(origin: Origin = STUDIO, *, username: str = "olga") -> TooManyError:
    """The refusal of the right password while there is a lock."""
    with pytest.raises(TooManyError) as refusal:
        attempt(origin, username=username)
    return refusal.value


def let_pass(span: timedelta) -> None:
    """Make all that was stored of failures that much older."""
    with atomic():
        for lock in db.session.scalars(select(SignInLock)):
            lock.updated_at -= span
            if lock.locked_until is not None:
                lock.locked_until -= span


def failures() -> dict[tuple[str, str], int]:
    db.session.rollback()  # what other threads have stored is newer than what was read
    locks = db.session.scalars(select(SignInLock))
    return {(lock.username, lock.origin): lock.failures for lock in locks}


def count(table: type[Session | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def at_once(asks: list[Callable[[], object]], app: Flask) -> list[str]:
    """What becomes of attempts in as many threads: the code of the refusal, or nothing."""
    codes: list[str] = []
    gate = threading.Barrier(len(asks))

    def run(ask: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                ask()
            except DomainError as error:
                codes.append(error.code)
            else:
                codes.append("")

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


class TestTheRightPassword:
    def test_begins_a_session_that_its_token_finds(self, olga: User) -> None:
        signed_in = sign_in.sign_in("olga", PASSWORD, STUDIO)

        found = sessions.find(signed_in.token)
        assert found is not None
        assert signed_in.user.id == olga.id == found.user_id
        assert (found.ip, found.user_agent) == ("192.0.2.7", "Firefox")

    @pytest.mark.parametrize("username", ["olga", "OLGA", "  Olga\t", "\uff4f\uff4c\uff47\uff41"])
    def test_goes_with_the_name_however_it_is_written(self, olga: User, username: str) -> None:
        assert attempt(username=username).id == olga.id

    def test_is_recorded_with_where_it_was_typed(self, olga: User) -> None:
        attempt()

        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.action is AuditAction.USER_SIGNED_IN
        assert entry.actor == entry.subject == f"user:{olga.id}"
        assert (entry.ip, entry.request_id) == ("192.0.2.7", "a-request")
        assert olga.last_login_at is not None
        assert utcnow() - olga.last_login_at < timedelta(minutes=1)

    @pytest.mark.usefixtures("real_passwords")
    def test_renews_a_hash_that_was_cheaper_to_make(self) -> None:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        user = make_user(username="olga", password_hash=cheap)

        attempt()

        assert user.password_hash != cheap
        assert not passwords.outdated(user.password_hash)
        assert passwords.matches(PASSWORD, user.password_hash)

    def test_leaves_a_hash_of_today_as_it_is(self, olga: User) -> None:
        attempt()

        assert olga.password_hash == hashed()

    def test_leaves_nothing_to_be_remembered_of_failures(self, olga: User) -> None:
        fail_often(4)

        attempt()

        assert failures() == {}
        assert olga.failed_logins == 0

    def test_begins_one_session_each_time(self, olga: User) -> None:
        tokens = {sign_in.sign_in("olga", PASSWORD, STUDIO).token for _ in range(7)}

        assert len(tokens) == count(Session) == 7


class TestTheWrongPassword:
    @pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), "x" * 5000, "\x00", "😀"])
    @pytest.mark.parametrize("username", ["olga", "nobody"])
    @pytest.mark.usefixtures("olga")
    def test_is_refused_without_a_word_on_what_was_wrong(
        self, username: str, password: str
    ) -> None:
        with pytest.raises(InvalidError) as refusal:
            attempt(username=username, password=password)

        assert (refusal.value.code, refusal.value.field) == ("sign_in_failed", "password")
        assert refusal.value.params == {}
        assert count(Session) == 0

    def test_is_any_password_of_an_account_in_the_bin(self) -> None:
        make_user(username="olga", password_hash=hashed(), deleted_at=utcnow())

        with pytest.raises(InvalidError) as refusal:
            attempt()

        assert refusal.value.code == "sign_in_failed"

    @pytest.mark.usefixtures("olga")
    @pytest.mark.parametrize("username", NO_NAMES)
    def test_is_any_password_of_what_is_no_name(self, username: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            attempt(username=username)

        assert (refusal.value.code, refusal.value.field) == ("sign_in_failed", "password")

    @pytest.mark.usefixtures("real_passwords")
    def test_does_not_renew_the_hash(self) -> None:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        user = make_user(username="olga", password_hash=cheap)

        fail()

        assert user.password_hash == cheap


def test_a_password_that_was_changed_while_it_was_judged_begins_no_session(
    vertex_app: Flask,
) -> None:
    slow = PasswordHasher(time_cost=60).hash(PASSWORD)
    user = make_user(username="olga", password_hash=slow)
    with ThreadPoolExecutor() as threads:
        signing_in = threads.submit(at_once, [attempt], vertex_app)
        while not failures():  # until the attempt is counted, and the password judged
            time.sleep(0.01)

        accounts.set_password(user.id, "another horse entirely", actor=OLGA)
        codes = signing_in.result()

    assert codes == ["sign_in_failed"]
    assert count(Session) == 0


@pytest.mark.usefixtures("olga")
class TestLock:
    def test_begins_with_the_fifth_failure(self) -> None:
        refusals = [fail() for _ in range(5)]

        assert [error.code for error in refusals] == ["sign_in_failed"] * 4 + ["sign_in_locked"]

    def test_does_not_begin_with_the_fifth_attempt_if_it_is_right(self) -> None:
        fail_often(4)

        attempt()

        assert count(Session) == 1

    def test_tells_how_long_it_lasts(self) -> None:
        fail_often(4)

        error = fail()

        assert isinstance(error, TooManyError)
        assert 55 <= error.seconds <= 60
        assert error.params == {"minutes": 1}

    def test_tells_how_much_is_left_of_it(self) -> None:
        fail_often(5)

        let_pass(timedelta(seconds=20))

        error = refused()
        assert 30 <= error.seconds <= 40
        assert error.params == {"minutes": 1}

    def test_refuses_even_the_right_password(self) -> None:
        fail_often(5)

        error = refused()

        assert error.code == "sign_in_locked"
        assert count(Session) == 0

    def test_is_not_made_longer_by_attempts_meanwhile(self) -> None:
        fail_often(5)
        let_pass(timedelta(seconds=30))

        fail_often(20)

        assert refused().seconds <= 30
        assert failures() == {("olga", "ip:192.0.2.7"): 5}

    def test_ends(self) -> None:
        fail_often(5)

        let_pass(timedelta(minutes=1))

        assert attempt().username == "olga"

    def test_grows_with_every_failure_up_to_a_quarter_of_an_hour(self) -> None:
        fail_often(4)

        pauses = []
        for _ in range(8):
            error = fail()
            pauses.append(error.params["minutes"])
            let_pass(timedelta(minutes=15))

        assert pauses == [1, 2, 4, 8, 15, 15, 15, 15]

    @pytest.mark.parametrize("counted", [10, 16, 100, 100_000, 2_000_000_000])
    def test_is_never_longer_than_a_quarter_of_an_hour(self, counted: int) -> None:
        fail()
        with atomic():
            db.session.scalars(select(SignInLock)).one().failures = counted

        error = fail()

        assert isinstance(error, TooManyError)
        assert error.seconds <= 15 * 60
        assert refused().seconds <= 15 * 60

    def test_survives_a_restart(self, restarted: Flask) -> None:
        fail_often(5)

        with restarted.app_context():
            error = refused()

        assert error.code == "sign_in_locked"

    def test_goes_on_growing_after_a_restart(self, restarted: Flask) -> None:
        fail_often(5)
        let_pass(timedelta(minutes=1))

        with restarted.app_context():
            error = fail()

        assert error.params == {"minutes": 2}

    def test_is_of_one_address(self) -> None:
        fail_often(5)

        assert attempt(ELSEWHERE).username == "olga"
        assert refused().code == "sign_in_locked"

    def test_is_of_one_account(self) -> None:
        make_user(username="pavel", password_hash=hashed())
        fail_often(5)

        assert attempt(username="pavel").username == "pavel"

    def test_is_of_the_account_however_its_name_is_written(self) -> None:
        for username in ("olga", "OLGA", " Olga", "olga\n", "\uff4f\uff4c\uff47\uff41"):
            fail(username=username)

        assert refused().code == "sign_in_locked"

    def test_of_a_user_without_address_is_of_those_without(self) -> None:
        nowhere = Origin(None)
        fail_often(5, nowhere)

        assert refused(nowhere).code == "sign_in_locked"
        assert attempt().username == "olga"

    def test_is_recorded_when_it_begins(self, olga: User) -> None:
        fail_often(7)

        entry = db.session.scalars(select(AuditEntry)).one()
        lock = db.session.scalars(select(SignInLock)).one()
        assert lock.locked_until is not None
        assert entry.action is AuditAction.USER_LOCKED_OUT
        assert entry.subject == f"user:{olga.id}"
        assert entry.details == {"until": lock.locked_until.isoformat()}
        assert (entry.ip, entry.request_id) == ("192.0.2.7", "a-request")

    def test_is_forgotten_after_a_day(self) -> None:
        fail_often(5)

        let_pass(timedelta(hours=25))

        assert [fail().code for _ in range(4)] == ["sign_in_failed"] * 4

    def test_is_not_forgotten_within_a_day(self) -> None:
        fail_often(5)

        let_pass(timedelta(hours=23))

        assert fail().params == {"minutes": 2}


@pytest.mark.usefixtures("olga")
class TestCount:
    def test_begins_anew_with_a_success(self) -> None:
        fail_often(4)
        attempt()
        fail_often(4)

        assert attempt().username == "olga"

    def test_is_not_changed_by_a_success_elsewhere(self) -> None:
        fail_often(4)

        attempt(ELSEWHERE)

        assert fail().code == "sign_in_locked"

    def test_is_not_changed_by_a_success_of_another(self) -> None:
        make_user(username="pavel", password_hash=hashed())
        fail_often(4)

        attempt(username="pavel")

        assert fail().code == "sign_in_locked"


@pytest.mark.usefixtures("olga")
class TestAKnownDevice:
    LAPTOP = replace(STUDIO, device="laptop")

    def test_is_let_in_whatever_others_guess_at_the_same_address(self) -> None:
        fail_often(4)
        for _ in range(6):
            assert fail().code == "sign_in_locked"
            assert attempt(self.LAPTOP).username == "olga"
            let_pass(timedelta(minutes=15))

    def test_is_locked_by_its_own_failures(self) -> None:
        fail_often(5, self.LAPTOP)

        assert refused(self.LAPTOP).code == "sign_in_locked"

    def test_is_locked_wherever_it_is_carried(self) -> None:
        fail_often(5, self.LAPTOP)

        assert refused(replace(ELSEWHERE, device="laptop")).code == "sign_in_locked"

    def test_does_not_lock_its_address_nor_another_device(self) -> None:
        fail_often(5, self.LAPTOP)

        assert attempt().username == "olga"
        assert attempt(replace(STUDIO, device="phone")).username == "olga"

    def test_does_not_help_those_who_guess_at_its_address(self) -> None:
        fail_often(5)

        attempt(self.LAPTOP)

        assert refused().code == "sign_in_locked"


class TestAnUnknownName:
    def test_is_refused_and_locked_as_a_known_one_is(self, olga: User) -> None:
        known = [fail(username="olga") for _ in range(7)]
        unknown = [fail(username="nobody") for _ in range(7)]

        for one, other in zip(known, unknown, strict=True):
            assert (type(one), one.code, one.params) == (type(other), other.code, other.params)
        assert failures() == {("olga", "ip:192.0.2.7"): 5, ("nobody", "ip:192.0.2.7"): 5}

    @pytest.mark.parametrize("username", NO_NAMES)
    def test_that_nobody_can_have_is_locked_too(self, username: str) -> None:
        fail_often(5, username=username)

        assert refused(username=username).code == "sign_in_locked"

    def test_is_not_recorded(self) -> None:
        fail_often(6, username="nobody")

        assert count(AuditEntry) == 0

    def test_that_becomes_known_waits_for_the_end_of_the_lock(self) -> None:
        fail_often(5)
        make_user(username="olga", password_hash=hashed())

        assert refused().code == "sign_in_locked"


class TestManyAtOnce:
    def test_get_no_more_attempts_than_are_counted(self, vertex_app: Flask, olga: User) -> None:
        codes = at_once([lambda: attempt(password="wrong")] * 20, vertex_app)

        assert codes == ["sign_in_failed"] * 4 + ["sign_in_locked"] * 16
        assert failures() == {("olga", "ip:192.0.2.7"): 5}
        assert count(AuditEntry) == 1

    @pytest.mark.usefixtures("olga")
    def test_get_one_attempt_after_a_lock(self, vertex_app: Flask) -> None:
        fail_often(5)
        let_pass(timedelta(minutes=1))

        codes = at_once([lambda: attempt(password="wrong")] * 8, vertex_app)

        assert codes == ["sign_in_locked"] * 8
        assert failures() == {("olga", "ip:192.0.2.7"): 6}
        assert 60 < refused().seconds <= 120

    @pytest.mark.usefixtures("olga")
    def test_cannot_find_the_password_among_many(self, vertex_app: Flask) -> None:
        fail_often(5)

        codes = at_once([attempt] * 8, vertex_app)

        assert codes == ["sign_in_locked"] * 8
        assert count(Session) == 0

    @pytest.mark.usefixtures("olga")
    def test_are_counted_each_where_they_come_from(self, vertex_app: Flask) -> None:
        origins = [Origin(f"192.0.2.{n}") for n in range(8)]

        codes = at_once(
            [partial(attempt, origin, password="wrong") for origin in origins], vertex_app
        )

        assert codes == ["sign_in_failed"] * 8
        assert failures() == {("olga", origin.key): 1 for origin in origins}

    def test_are_all_noted_in_the_account(self, vertex_app: Flask, olga: User) -> None:
        origins = [Origin(f"192.0.2.{n}") for n in range(8)]

        at_once([partial(attempt, origin, password="wrong") for origin in origins], vertex_app)

        db.session.rollback()
        assert olga.failed_logins == 8

    @pytest.mark.usefixtures("olga")
    def test_may_be_right(self, vertex_app: Flask) -> None:
        codes = at_once([attempt] * 4, vertex_app)

        assert codes == [""] * 4
        assert failures() == {}
        assert count(Session) == 4


@pytest.mark.parametrize("closed", [{"active": False}, {"locked_at": utcnow()}])
class TestAClosedAccount:
    def test_is_told_so_with_the_right_password(self, closed: dict[str, object]) -> None:
        make_user(username="olga", password_hash=hashed(), **closed)

        with pytest.raises(ForbiddenError) as refusal:
            attempt()

        assert refusal.value.code == "account_closed"
        assert (count(Session), count(AuditEntry)) == (0, 0)

    def test_looks_like_any_other_with_a_wrong_one(self, closed: dict[str, object]) -> None:
        make_user(username="olga", password_hash=hashed(), **closed)

        refusals = [fail() for _ in range(5)]

        assert [error.code for error in refusals] == ["sign_in_failed"] * 4 + ["sign_in_locked"]
        assert refused().code == "sign_in_locked"

    def test_can_be_opened_again(self, closed: dict[str, object]) -> None:
        user = make_user(username="olga", password_hash=hashed(), **closed)
        with atomic():
            user.active, user.locked_at = True, None

        assert attempt().id == user.id


class TestUnlock:
    def test_forgets_failures_wherever_they_came_from(self, olga: User) -> None:
        fail_often(5)
        fail_often(5, ELSEWHERE)
        fail_often(5, replace(STUDIO, device="laptop"))

        sign_in.unlock("Olga", actor=OLGA)

        assert failures() == {}
        assert attempt().id == attempt(ELSEWHERE).id == olga.id

    def test_is_recorded(self, olga: User) -> None:
        sign_in.unlock("olga", actor=OLGA)

        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.USER_UNLOCKED, "user:olga")
        assert entry.subject == f"user:{olga.id}"

    @pytest.mark.usefixtures("olga")
    def test_leaves_others_locked(self) -> None:
        make_user(username="pavel", password_hash=hashed())
        fail_often(5, username="pavel")

        sign_in.unlock("olga", actor=OLGA)

        assert refused(username="pavel").code == "sign_in_locked"

    def test_of_nobody_is_refused(self) -> None:
        with pytest.raises(NotFoundError):
            sign_in.unlock("nobody", actor=OLGA)

        assert count(AuditEntry) == 0
