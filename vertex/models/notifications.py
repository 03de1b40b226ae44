"""What the program tells a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime, choice, facts


class NotificationType(StrEnum):
    """Everything that is worth telling."""

    VIDEO_FAILED = "video.failed"
    JOB_FAILED = "job.failed"
    NOTHING_FOUND = "visits.nothing_found"
    APPROVAL_GIVEN = "approval.given"
    APPROVAL_CHANGE = "approval.change"
    MAIL_FAILED = "mail.failed"
    LOOK_ALIKE = "portraits.look_alike"


class Notification(Row):
    """One thing told to one person; its sentence is made in their language when it is read."""

    __tablename__ = "notifications"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    type: Mapped[NotificationType] = mapped_column(choice(NotificationType))
    parameters: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    subject: Mapped[str] = mapped_column(String(80))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_notifications_user_id_read_at", "user_id", "read_at"),
        Index("ix_notifications_user_id_id", "user_id", "id"),
    )
