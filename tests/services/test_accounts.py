"""Accounts: who may be made, with which password, and what stays of it."""

from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from tests.factories import OLGA, make_user
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Role, User, utcnow, uuid7
from vertex.services import accounts, passwords, sessions, sign_in
from vertex.services.audit import Actor
from vertex.services.sign_in import Origin

pytestmark = pytest.mark.usefixtures("vertex_app")

PASSWORD = "correct horse battery"
NEW = "another horse entirely"


def create(**given: str) -> User:
    defaults = {"username": "olga", "email": "olga@example.com", "password": PASSWORD}
    return accounts.create(**{**defaults, **given}, role=Role.ADMIN, actor=Actor("cli"))


def test_a_user_is_stored_with_a_hash_and_an_audit_entry() -> None:
    user = create(username=" Olga ", email="Olga@Example.com")

    assert (user.username, user.email, user.role) == ("olga", "olga@example.com", Role.ADMIN)
    assert user.password_hash.startswith("$argon2id$")
    assert PasswordHasher().verify(user.password_hash, PASSWORD)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.subject) == ("cli", f"user:{user.id}")
    assert PASSWORD not in str(entry.details)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"username": "OLGA", "email": "other@example.com"}, "username_taken"),
        ({"username": "other", "email": "OLGA@example.com"}, "email_taken"),
    ],
)
def test_a_taken_name_or_address_is_refused_and_leaves_no_trace(
    given: dict[str, str], code: str
) -> None:
    create()

    with pytest.raises(ConflictError) as refusal:
        create(**given)

    assert refusal.value.code == code
    assert db.session.scalar(select(func.count(User.id))) == 1
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 1


def test_a_name_in_the_bin_is_free_again() -> None:
    create().deleted_at = utcnow()
    db.session.commit()

    assert create().deleted_at is None


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"password": "elevenchars"}, "password_short", "password"),
        ({"password": "x" * 1025}, "password_long", "password"),
        (
            {"username": "olga-sergeevna", "password": "Olga-Sergeevna"},
            "password_is_username",
            "password",
        ),
        ({"username": "o"}, "username_malformed", "username"),
        ({"username": "olga romanova"}, "username_malformed", "username"),
        ({"username": "-olga"}, "username_malformed", "username"),
        ({"email": "olga"}, "email_malformed", "email"),
    ],
)
def test_what_no_account_may_have_is_refused(given: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        create(**given)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert db.session.scalar(select(func.count(User.id))) == 0


def sessions_of(user: User, number: int) -> list[str]:
    return [sessions.begin(user, user_agent="Firefox", ip=None) for _ in range(number)]


def are_open(tokens: list[str]) -> list[bool]:
    return [sessions.find(token) is not None for token in tokens]


def id_of(token: str) -> UUID:
    session = sessions.find(token)
    assert session is not None
    return session.id


def newest_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]


class TestChangePassword:
    def test_replaces_it_and_is_recorded(self) -> None:
        user = create()

        accounts.change_password(user.id, current=PASSWORD, new=NEW, keep=None, actor=OLGA)

        assert passwords.matches(NEW, user.password_hash)
        assert not passwords.matches(PASSWORD, user.password_hash)
        entry = newest_entry()
        assert (entry.action, entry.actor) == (AuditAction.PASSWORD_CHANGED, "user:olga")
        assert entry.subject == f"user:{user.id}"
        assert NEW not in str(entry.details)

    def test_ends_every_session_but_the_one_to_keep(self) -> None:
        user = create()
        tokens = sessions_of(user, 3)
        others = sessions_of(make_user(), 1)

        accounts.change_password(
            user.id, current=PASSWORD, new=NEW, keep=id_of(tokens[1]), actor=OLGA
        )

        assert are_open(tokens) == [False, True, False]
        assert are_open(others) == [True]

    @pytest.mark.parametrize("current", ["", "wrong", PASSWORD.upper(), NEW])
    def test_with_the_wrong_one_is_refused_and_leaves_no_trace(self, current: str) -> None:
        user = create()
        tokens = sessions_of(user, 2)

        with pytest.raises(InvalidError) as refusal:
            accounts.change_password(user.id, current=current, new=NEW, keep=None, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == ("password_wrong", "current")
        assert passwords.matches(PASSWORD, user.password_hash)
        assert are_open(tokens) == [True, True]
        assert newest_entry().action is AuditAction.USER_CREATED

    @pytest.mark.parametrize(
        ("new", "code"),
        [
            ("elevenchars", "password_short"),
            ("x" * 1025, "password_long"),
            ("a" * 12, "password_simple"),
            ("Olga-Sergeevna", "password_is_username"),
        ],
    )
    def test_to_what_is_no_password_is_refused_and_leaves_no_trace(
        self, new: str, code: str
    ) -> None:
        user = create(username="olga-sergeevna")
        tokens = sessions_of(user, 2)

        with pytest.raises(InvalidError) as refusal:
            accounts.change_password(user.id, current=PASSWORD, new=new, keep=None, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == (code, "new")
        assert passwords.matches(PASSWORD, user.password_hash)
        assert are_open(tokens) == [True, True]

    def test_of_one_in_the_bin_is_refused(self) -> None:
        binned = make_user(deleted_at=utcnow())

        for user_id in (binned.id, uuid7()):
            with pytest.raises(NotFoundError):
                accounts.change_password(user_id, current="!", new=NEW, keep=None, actor=OLGA)

    def test_lets_sign_in_with_the_new_one_alone(self) -> None:
        user = create()

        accounts.change_password(user.id, current=PASSWORD, new=NEW, keep=None, actor=OLGA)

        assert sign_in.sign_in("olga", NEW, Origin("192.0.2.7")).user.id == user.id
        with pytest.raises(InvalidError):
            sign_in.sign_in("olga", PASSWORD, Origin("192.0.2.7"))


class TestSetPassword:
    def test_does_not_ask_for_the_old_one_and_ends_every_session(self) -> None:
        user = create()
        tokens = sessions_of(user, 2)

        accounts.set_password(user.id, NEW, actor=OLGA)

        assert passwords.matches(NEW, user.password_hash)
        assert are_open(tokens) == [False, False]
        assert newest_entry().action is AuditAction.PASSWORD_CHANGED

    def test_forgets_the_failures_of_the_account(self) -> None:
        user = make_user(failed_logins=3)

        accounts.set_password(user.id, NEW, actor=OLGA)

        assert user.failed_logins == 0

    def test_refuses_what_is_no_password(self) -> None:
        user = create()

        with pytest.raises(InvalidError) as refusal:
            accounts.set_password(user.id, "short", actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == ("password_short", "new")
        assert passwords.matches(PASSWORD, user.password_hash)

    def test_of_one_in_the_bin_is_refused(self) -> None:
        binned = make_user(deleted_at=utcnow())

        for user_id in (binned.id, uuid7()):
            with pytest.raises(NotFoundError):
                accounts.set_password(user_id, NEW, actor=OLGA)


class TestSetProfile:
    def test_is_stored_and_recorded(self) -> None:
        user = make_user()

        accounts.set_profile(user.id, full_name="  Ольга   Романова ", locale="ru", actor=OLGA)

        assert (user.full_name, user.locale) == ("Ольга Романова", "ru")
        entry = newest_entry()
        assert (entry.action, entry.subject) == (AuditAction.USER_EDITED, f"user:{user.id}")
        assert entry.details == {"full_name": "Ольга Романова", "locale": "ru"}

    def test_may_be_emptied(self) -> None:
        user = make_user(full_name="Olga", locale="ru")

        accounts.set_profile(user.id, full_name=" ", locale=None, actor=OLGA)

        assert (user.full_name, user.locale) == ("", None)

    def test_leaves_sessions_open(self) -> None:
        user = make_user()
        tokens = sessions_of(user, 2)

        accounts.set_profile(user.id, full_name="Olga", locale=None, actor=OLGA)

        assert are_open(tokens) == [True, True]

    def test_of_one_in_the_bin_is_refused(self) -> None:
        binned = make_user(deleted_at=utcnow())

        for user_id in (binned.id, uuid7()):
            with pytest.raises(NotFoundError):
                accounts.set_profile(user_id, full_name="Olga", locale=None, actor=OLGA)
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
