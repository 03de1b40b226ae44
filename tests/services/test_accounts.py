"""Accounts: who may be made, with which password, and what stays of it."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditEntry, Role, User, utcnow
from vertex.services import accounts
from vertex.services.audit import Actor

pytestmark = pytest.mark.usefixtures("vertex_app")

PASSWORD = "correct horse battery"


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
