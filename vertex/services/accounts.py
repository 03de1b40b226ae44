"""Accounts of the studio's staff."""

import re
import unicodedata

from argon2 import PasswordHasher
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditAction, Role, User
from vertex.services import audit
from vertex.services._transaction import atomic, violates

LEAST_PASSWORD = 12
# argon2 reads it all: a limit keeps one sign-in from costing more than another
MOST_PASSWORD = 1024

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)
_hasher = PasswordHasher()


def create(
    *,
    username: str,
    email: str,
    password: str,
    role: Role = Role.USER,
    full_name: str = "",
    actor: str,
) -> User:
    """The stored user; names and addresses are compared without regard to case."""
    username = _clean_username(username)
    email = _clean_email(email)
    check_password(password, username=username)
    user = User(
        username=username,
        email=email,
        password_hash=_hasher.hash(password),
        full_name=full_name.strip(),
        role=role,
    )
    try:
        with atomic():
            db.session.add(user)
            db.session.flush()  # the audit entry needs the id
            audit.record(actor, AuditAction.USER_CREATED, f"user:{user.id}", {"role": role})
    except IntegrityError as error:
        raise _taken(error, user) from None
    return user


def check_password(password: str, *, username: str) -> None:
    """Raise InvalidError unless this may be the password of this user."""
    if len(password) < LEAST_PASSWORD:
        raise InvalidError("password_short", field="password", least=LEAST_PASSWORD)
    if len(password) > MOST_PASSWORD:
        raise InvalidError("password_long", field="password", most=MOST_PASSWORD)
    if password.casefold() == username.casefold():
        raise InvalidError("password_is_username", field="password")


def _clean_username(username: str) -> str:
    cleaned = unicodedata.normalize("NFKC", username).strip().lower()
    if not _USERNAME.fullmatch(cleaned):
        raise InvalidError("username_malformed", field="username")
    return cleaned


def _clean_email(email: str) -> str:
    try:
        checked = validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise InvalidError("email_malformed", field="email", email=email) from None
    return checked.normalized.lower()


def _taken(error: IntegrityError, user: User) -> Exception:
    if violates(error, "uq_users_username"):
        return ConflictError("username_taken", username=user.username)
    if violates(error, "uq_users_email"):
        return ConflictError("email_taken", email=user.email)
    return error
