"""The record of who did what, written in the transaction of the change itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import aliased

from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, User
from vertex.services._transaction import atomic


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: `user:<id>`, `cli` or `system`."""

    name: str
    ip: str | None = None
    request_id: str | None = None


_CODE = "code:"

CLI = Actor("cli")
SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as people read it; `who` is the name of a person, or None for the program."""

    entry: AuditEntry
    who: str | None

    @property
    def by_client(self) -> bool:
        """Whether it was a client, known by nothing but the code they had."""
        return self.entry.actor.startswith(_CODE)


def actor_of(user_id: UUID) -> str:
    """How the record names this user."""
    return f"user:{user_id}"


def actor_by_code(code: str, request_id: str | None = None) -> Actor:
    """Who answers on the page behind a code: a client, whose address nobody keeps."""
    return Actor(f"{_CODE}{code}", request_id=request_id)


def record(
    actor: Actor,
    action: AuditAction,
    subject: str,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """The stored entry; `subject` reads `portrait:<id>`."""
    entry = AuditEntry(
        actor=actor.name,
        action=action,
        subject=subject,
        details=dict(details or {}),
        ip=actor.ip,
        request_id=actor.request_id,
    )
    with atomic():
        db.session.add(entry)
    return entry


def subjects_since(at: datetime, *actions: AuditAction) -> Sequence[str]:
    """What one of these was done to at this time or later, oldest first."""
    query = select(AuditEntry.subject).where(AuditEntry.action.in_(actions))
    return db.session.scalars(
        query.where(AuditEntry.created_at >= at).order_by(AuditEntry.id)
    ).all()


def timeline(*subjects: str, limit: int = 50) -> Sequence[Event]:
    """What happened to these subjects, the newest first."""
    person = func.replace(cast(User.id, String), "-", "")  # SQLite stores ids without dashes
    latest = select(AuditEntry).where(AuditEntry.subject.in_(subjects))
    found = aliased(AuditEntry, latest.order_by(AuditEntry.id.desc()).limit(limit).subquery())
    is_actor = func.replace(found.actor, "-", "") == literal("user:") + person
    query = select(found, User.full_name, User.username).outerjoin(User, is_actor)
    rows = db.session.execute(query.order_by(found.id.desc())).all()
    return [Event(entry, full_name or username) for entry, full_name, username in rows]
