"""Signing in: the right password, and not too many wrong ones."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from vertex.errors import DomainError, ForbiddenError, InvalidError, TooManyError
from vertex.extensions import db
from vertex.models import AuditAction, SignInLock, User, utcnow
from vertex.models.folding import without_nul
from vertex.services import accounts, attempts, audit, passwords, sessions, submissions
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

FREE_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
_PATIENCE = attempts.Patience(FREE_ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE)
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from; `device` names a browser that this account signed in with.

    A known browser has a count of its own: who guesses from the same address, which may be that of
    the whole studio, does not lock out those who work there.
    """

    ip: str | None
    user_agent: str = ""
    device: str | None = None
    request_id: str | None = None

    @property
    def key(self) -> str:
        """What failures are counted by, besides the account."""
        return f"device:{self.device}" if self.device else f"ip:{self.ip}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun; the token is for the browser alone."""

    user: User
    token: str


def sign_in(username: str, password: str, origin: Origin) -> SignedIn:
    """Begin a session, or raise InvalidError, ForbiddenError or, while locked, TooManyError."""
    username = _clean(username)
    locked_until = _count_attempt(username, origin)
    user = db.session.scalar(
        select(User).where(User.username == username, User.deleted_at.is_(None))
    )
    stored = user.password_hash if user else None
    db.session.rollback()  # the hash takes its time, and needs no transaction
    if not passwords.matches(password, stored) or user is None or stored is None:
        raise _note_failure(user, origin, locked_until)
    return _begin(user.id, password, stored, origin)


def unlock(username: str, *, actor: Actor) -> None:
    """Forget the failures of an account, wherever they came from."""
    user = accounts.get_by_name(username)
    with atomic():
        db.session.execute(delete(SignInLock).where(SignInLock.username == user.username))
        audit.record(actor, AuditAction.USER_UNLOCKED, audit.actor_of(user.id))


def _clean(username: str) -> str:
    try:
        return accounts.clean_username(username)
    except InvalidError:
        return without_nul(username).strip().lower()[:_LONGEST_NAME]


def _count_attempt(username: str, origin: Origin) -> datetime | None:
    try:
        return attempts.count(username, origin.key, _PATIENCE)
    except attempts.StillWaitingError as waiting:
        raise _locked(waiting.wait) from None


def _locked(wait: timedelta) -> TooManyError:
    seconds = math.ceil(wait.total_seconds())
    return TooManyError("sign_in_locked", seconds=seconds, minutes=math.ceil(seconds / 60))


def _note_failure(user: User | None, origin: Origin, locked_until: datetime | None) -> DomainError:
    with atomic():
        if user is not None:
            db.session.execute(
                update(User).where(User.id == user.id).values(failed_logins=User.failed_logins + 1)
            )
            if locked_until is not None:
                actor = Actor(audit.actor_of(user.id), origin.ip, origin.request_id)
                details = {"until": locked_until.isoformat()}
                audit.record(actor, AuditAction.USER_LOCKED_OUT, audit.actor_of(user.id), details)
    if locked_until is not None:
        return _locked(locked_until - utcnow())
    return InvalidError("sign_in_failed", field="password")


def _begin(user_id: UUID, password: str, judged: str, origin: Origin) -> SignedIn:
    rehashed = passwords.hash_of(password) if passwords.outdated(judged) else None
    actor = Actor(audit.actor_of(user_id), origin.ip, origin.request_id)
    submissions.forget_old()
    attempts.forget_old()
    with atomic():
        user = db.session.get_one(User, user_id, with_for_update=True)
        if user.password_hash != judged:  # changed while the old one was being judged
            raise InvalidError("sign_in_failed", field="password")
        if not user.active or user.locked_at is not None or user.deleted_at is not None:
            raise ForbiddenError("account_closed")
        user.password_hash = rehashed or judged
        user.failed_logins = 0
        user.last_login_at = utcnow()
        attempts.forget(user.username, origin.key)
        token = sessions.begin(user, user_agent=origin.user_agent, ip=origin.ip)
        audit.record(actor, AuditAction.USER_SIGNED_IN, audit.actor_of(user.id))
    return SignedIn(user, token)
