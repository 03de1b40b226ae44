"""Accounts of the studio's staff."""

import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Role, User
from vertex.models.folding import fold, without_nul
from vertex.services import audit, passwords, sessions
from vertex.services._contacts import clean_email
from vertex.services._transaction import atomic, violates
from vertex.services.audit import Actor

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)


def create(
    *,
    username: str,
    email: str,
    password: str,
    role: Role = Role.USER,
    full_name: str = "",
    actor: Actor,
) -> User:
    """The stored user; names and addresses are compared without regard to case."""
    username = clean_username(username)
    email = clean_email(email)
    passwords.check(password, username=username)
    user = User(
        username=username,
        email=email,
        password_hash=passwords.hash_of(password),
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


def anyone() -> bool:
    """Tell whether there is an account, be it in the bin."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def create_first_admin(*, username: str, email: str, password: str, ip: str | None) -> User:
    """Return the stored admin of an installation that had no account; ForbiddenError otherwise."""
    with atomic():
        if db.session.get_bind().dialect.name == "postgresql":
            # two set-up pages sent at once must not both find the table empty
            db.session.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))
        if anyone():
            raise ForbiddenError("set_up_already")
        actor = Actor("setup", ip)
        return create(
            username=username, email=email, password=password, role=Role.ADMIN, actor=actor
        )


def get(user_id: UUID) -> User:
    """Return a user who is not in the bin."""
    user = db.session.get(User, user_id)
    if user is None or user.deleted_at is not None:
        raise NotFoundError(kind="user", id=str(user_id))
    return user


def get_by_name(username: str) -> User:
    """Return the user with this name, however it is written."""
    query = select(User).where(User.username == clean_username(username), User.deleted_at.is_(None))
    user = db.session.scalar(query)
    if user is None:
        raise NotFoundError(kind="user", id=username)
    return user


def change_password(
    user_id: UUID, *, current: str, new: str, keep: UUID | None, actor: Actor
) -> None:
    """Replace the password and end every session but the one to keep."""
    user = get(user_id)
    if not passwords.matches(current, user.password_hash):
        raise InvalidError("password_wrong", field="current")
    set_password(user_id, new, keep=keep, actor=actor)


def set_password(user_id: UUID, new: str, *, keep: UUID | None = None, actor: Actor) -> None:
    """Set a password without asking for the old one, and end every session but the one to keep."""
    passwords.check(new, username=get(user_id).username, field="new")
    hashed = passwords.hash_of(new)
    with atomic():
        user = get(user_id)
        user.password_hash = hashed
        user.failed_logins = 0
        sessions.end_all(user_id, keep=keep)
        audit.record(actor, AuditAction.PASSWORD_CHANGED, audit.actor_of(user_id))


def colleagues() -> Sequence[User]:
    """Return those who may be given work, by name."""
    query = select(User).where(User.active, User.deleted_at.is_(None))
    return sorted(db.session.scalars(query).all(), key=lambda user: fold(called(user)))


def called(user: User) -> str:
    """Return how a user is called."""
    return user.full_name or user.username


def set_profile(user_id: UUID, *, full_name: str, locale: str | None, actor: Actor) -> None:
    """Set how a user is called, and the language of their pages; None follows the browser."""
    with atomic():
        user = get(user_id)
        user.full_name = " ".join(without_nul(full_name).split())
        user.locale = locale
        details = {"full_name": user.full_name, "locale": locale}
        audit.record(actor, AuditAction.USER_EDITED, audit.actor_of(user_id), details)


def clean_username(username: str) -> str:
    """Return the name in the form in which names are compared, or raise InvalidError."""
    cleaned = unicodedata.normalize("NFKC", username).strip().lower()
    if not _USERNAME.fullmatch(cleaned):
        raise InvalidError("username_malformed", field="username")
    return cleaned


def _taken(error: IntegrityError, user: User) -> Exception:
    if violates(error, "uq_users_username"):
        return ConflictError("username_taken", username=user.username)
    if violates(error, "uq_users_email"):
        return ConflictError("email_taken", email=user.email)
    return error
