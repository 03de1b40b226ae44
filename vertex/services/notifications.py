"""Notifications: what the program tells the people who run the studio."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import Notification, NotificationType, Role, User, utcnow
from vertex.services._transaction import atomic

LONGEST_READ = timedelta(days=180)

_PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Some notifications of a person; `after` is where the next ones begin, None at the end."""

    notifications: Sequence[Notification]
    after: UUID | None


def tell_admins(
    type_: NotificationType,
    parameters: Mapping[str, Any],
    subject: str,
    *,
    also: Collection[UUID] = (),
) -> None:
    """Tell every admin and these, in the transaction of it; nobody who has yet to read the same."""
    admins = select(User.id).where(
        or_(User.role == Role.ADMIN, User.id.in_(also)),
        User.active.is_(True),
        User.deleted_at.is_(None),
    )
    same = select(Notification).where(
        Notification.type == type_,
        Notification.subject == subject,
        Notification.read_at.is_(None),
    )
    with atomic():
        told = {
            earlier.user_id
            for earlier in db.session.scalars(same)
            if earlier.parameters == dict(parameters)
        }
        for user_id in db.session.scalars(admins).all():
            if user_id not in told:
                db.session.add(
                    Notification(
                        user_id=user_id, type=type_, parameters=dict(parameters), subject=subject
                    )
                )


def unread_count(user_id: UUID) -> int:
    """Return how many notifications this person has yet to read."""
    query = select(func.count(Notification.id)).where(*_unread(user_id))
    return db.session.scalar(query) or 0


def page(user_id: UUID, *, after: UUID | None = None) -> Page:
    """Return what this person was told, the newest first."""
    query = select(Notification).where(Notification.user_id == user_id)
    if after is not None:
        query = query.where(Notification.id < after)
    found = db.session.scalars(query.order_by(Notification.id.desc()).limit(_PAGE + 1)).all()
    return Page(found[:_PAGE], found[_PAGE - 1].id if len(found) > _PAGE else None)


def mark_read(notification_id: UUID, *, user_id: UUID) -> None:
    """Note that this person has read it; NotFoundError if it was told to another."""
    with atomic():
        notification = db.session.get(Notification, notification_id)
        if notification is None or notification.user_id != user_id:
            raise NotFoundError(kind="notification", id=str(notification_id))
        notification.read_at = notification.read_at or utcnow()


def mark_all_read(user_id: UUID) -> None:
    """Note that this person has read all they were told."""
    with atomic():
        db.session.execute(update(Notification).where(*_unread(user_id)).values(read_at=utcnow()))


def forget_old() -> None:
    """Forget what was read long ago."""
    long_ago = Notification.read_at < utcnow() - LONGEST_READ
    with atomic():
        db.session.execute(delete(Notification).where(long_ago))


def _unread(user_id: UUID) -> tuple[Any, ...]:
    return Notification.user_id == user_id, Notification.read_at.is_(None)
