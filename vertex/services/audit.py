"""The record of who did what, written in the transaction of the change itself."""

from collections.abc import Mapping
from typing import Any

from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry
from vertex.services._transaction import atomic


def record(
    actor: str,
    action: AuditAction,
    subject: str,
    details: Mapping[str, Any] | None = None,
    *,
    ip: str | None = None,
    request_id: str | None = None,
) -> AuditEntry:
    """The stored entry; `subject` reads `portrait:<id>`."""
    entry = AuditEntry(
        actor=actor,
        action=action,
        subject=subject,
        details=dict(details or {}),
        ip=ip,
        request_id=request_id,
    )
    with atomic():
        db.session.add(entry)
    return entry
