"""Work that is to be done outside a request."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime, choice, facts, utcnow


class JobState(StrEnum):
    """Where a job is on its way."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Row):
    """One task with its arguments; whoever runs it holds it by a lease."""

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.QUEUED)
    priority: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    # attempts begin anew when a person asks for it; this tells each holder from all before
    claims: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    progress: Mapped[float | None]
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_jobs_state_priority_run_at", "state", "priority", "run_at"),
        Index("ix_jobs_state_id", "state", "id"),
    )


class Schedule(Row):
    """When something that is done again and again was last begun."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    last_run_at: Mapped[datetime] = mapped_column(UtcDateTime)
