"""Who did what."""

from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, choice, facts


class AuditAction(StrEnum):
    """Everything that is worth remembering."""

    CLIENT_CREATED = "client.created"
    CLIENT_EDITED = "client.edited"
    CLIENT_BINNED = "client.binned"
    CLIENT_RESTORED = "client.restored"
    CLIENTS_MERGED = "client.merged"
    CLIENTS_PARTED = "client.parted"
    CONSENT_CHANGED = "client.consent_changed"
    ORDER_CREATED = "order.created"
    ORDER_EDITED = "order.edited"
    ORDER_MOVED = "order.moved"
    ORDER_BINNED = "order.binned"
    ORDER_RESTORED = "order.restored"
    CLIENT_TOLD = "client.told"
    MAIL_FAILED = "mail.failed"
    APPROVAL_ASKED = "approval.asked"
    APPROVAL_GIVEN = "approval.given"
    APPROVAL_CHANGE = "approval.change"
    APPROVAL_WITHDRAWN = "approval.withdrawn"
    PORTRAIT_CREATED = "portrait.created"
    PORTRAIT_BINNED = "portrait.binned"
    PORTRAIT_RESTORED = "portrait.restored"
    VIDEO_ATTACHED = "video.attached"
    VIDEO_ACTIVATED = "video.activated"
    VIDEO_CHANGED = "video.changed"
    VIDEO_CONVERTED = "video.converted"
    VIDEO_FAILED = "video.failed"
    RULES_CHANGED = "rules.changed"
    VIDEO_BINNED = "video.binned"
    VIDEO_RESTORED = "video.restored"
    EXPORTED = "exported"
    SHEET_MADE = "sheet.made"
    MARKER_BUILT = "marker.built"
    PORTRAIT_EDITED = "portrait.edited"
    VIDEO_MOVED = "video.moved"
    PROOF_ASKED = "proof.asked"
    PROOF_MADE = "proof.made"
    PROOF_FAILED = "proof.failed"
    JOB_RETRIED = "job.retried"
    JOB_CANCELLED = "job.cancelled"
    USER_CREATED = "user.created"
    USER_EDITED = "user.edited"
    USER_SIGNED_IN = "user.signed_in"
    USER_SIGNED_OUT = "user.signed_out"
    USER_LOCKED_OUT = "user.locked_out"
    USER_UNLOCKED = "user.unlocked"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - what was done, not a password
    SESSION_ENDED = "session.ended"
    STUDIO_CHANGED = "studio.changed"
    TEXTS_CHANGED = "studio.texts_changed"
    LOGO_SET = "studio.logo_set"
    LOGO_REMOVED = "studio.logo_removed"


class AuditEntry(Row):
    """One line of the record; the database refuses to change or remove it."""

    __tablename__ = "audit_entries"

    actor: Mapped[str] = mapped_column(String(80), index=True)
    action: Mapped[AuditAction] = mapped_column(choice(AuditAction))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))
