"""Sessions: which browsers are signed in as whom."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import joinedload

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Session, User, utcnow
from vertex.services import audit
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

LONGEST = timedelta(days=30)
LONGEST_IDLE = timedelta(days=7)

_SEEN_EVERY = timedelta(minutes=5)
_LONGEST_AGENT = 300


def begin(user: User, *, user_agent: str, ip: str | None) -> str:
    """Store a new session and return the token that only its browser will know."""
    token = secrets.token_urlsafe(32)
    now = utcnow()
    with atomic():
        db.session.execute(delete(Session).where(Session.expires_at <= now))
        db.session.add(
            Session(
                user_id=user.id,
                token_hash=_hash(token),
                last_seen_at=now,
                expires_at=now + LONGEST,
                ip=ip,
                user_agent=user_agent[:_LONGEST_AGENT],
            )
        )
    return token


def find(token: str) -> Session | None:
    """Return the session of this token, with its user, if both may still be used."""
    now = utcnow()
    query = select(Session).where(*_usable(now), Session.token_hash == _hash(token))
    found = db.session.scalar(query.join(User).options(joinedload(Session.user)))
    if found is not None and found.last_seen_at < now - _SEEN_EVERY:
        _note_seen(found.id, now)
    return found


def of_user(user_id: UUID) -> Sequence[Session]:
    """Return where this user is signed in, the last seen first."""
    query = select(Session).join(User).where(*_usable(utcnow()), Session.user_id == user_id)
    return db.session.scalars(query.order_by(Session.last_seen_at.desc())).all()


def end(session_id: UUID, *, user_id: UUID, actor: Actor) -> None:
    """Sign this user out in one browser; raise NotFoundError if it is not theirs."""
    ended = delete(Session).where(Session.id == session_id, Session.user_id == user_id)
    with atomic():
        if db.session.execute(ended.returning(Session.id)).first() is None:
            raise NotFoundError(kind="session", id=str(session_id))
        audit.record(actor, AuditAction.SESSION_ENDED, audit.actor_of(user_id))


def sign_out(session_id: UUID, *, user_id: UUID, actor: Actor) -> None:
    """End the session the request came with; one that is gone already is no error."""
    with atomic():
        db.session.execute(
            delete(Session).where(Session.id == session_id, Session.user_id == user_id)
        )
        audit.record(actor, AuditAction.USER_SIGNED_OUT, audit.actor_of(user_id))


def end_all(user_id: UUID, *, keep: UUID | None = None) -> None:
    """End all sessions of a user, but the one to keep."""
    query = delete(Session).where(Session.user_id == user_id)
    with atomic():
        db.session.execute(query if keep is None else query.where(Session.id != keep))


def forget_expired() -> None:
    """Forget sessions that nobody can use any more."""
    now = utcnow()
    expired = or_(Session.expires_at <= now, Session.last_seen_at <= now - LONGEST_IDLE)
    with atomic():
        db.session.execute(delete(Session).where(expired))


def _usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Session.expires_at > now,
        Session.last_seen_at > now - LONGEST_IDLE,
        User.deleted_at.is_(None),
        User.active.is_(True),
        User.locked_at.is_(None),
    )


def _note_seen(session_id: UUID, now: datetime) -> None:
    with atomic():
        session = db.session.get(Session, session_id)
        if session is not None:
            session.last_seen_at = now


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
