"""Jobs: stored with the change they belong to, held by a lease, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from vertex.extensions import db
from vertex.models import Job, JobState, utcnow
from vertex.services._transaction import atomic

MOST_ATTEMPTS = 5

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand; `attempt` tells its holder from later ones, should the lease lapse."""

    id: UUID
    kind: str
    subject: str
    arguments: dict[str, Any]
    attempt: int


def add(
    kind: str, *, subject: str, arguments: dict[str, Any], run_at: datetime | None = None
) -> Job:
    """The stored job; the caller wakes the queue after its commit."""
    job = Job(kind=kind, subject=subject, arguments=arguments, run_at=run_at or utcnow())
    with atomic():
        db.session.add(job)
    return job


def claim(now: datetime, *, lease: timedelta, subject: str | None = None) -> Claim | None:
    """The next due job, held until the lease ends, or None; never the same one to two callers."""
    wanted = _due(now) if subject is None else and_(_due(now), Job.subject == subject)
    query = select(Job.id).where(wanted).order_by(Job.run_at, Job.id).limit(1)
    # a look first: on SQLite an idle worker must not take the one place for writing
    if db.session.scalar(query) is None:
        return None
    with atomic():
        job_id = db.session.scalar(query.with_for_update(skip_locked=True))
        return None if job_id is None else _take(job_id, now + lease)


def extend(claim: Claim, until: datetime) -> bool:
    """Hold the job longer; False if it is not ours any more."""
    return _change(claim, lease_until=until)


def finish(claim: Claim, now: datetime) -> bool:
    """Mark the job as done; False if it is not ours any more."""
    return _change(
        claim, state=JobState.DONE, lease_until=None, finished_at=now, error=None, progress=1.0
    )


def fail(claim: Claim, error: str, now: datetime) -> bool:
    """Put the job back for another attempt, later each time; True if there will be none."""
    last = claim.attempt >= MOST_ATTEMPTS
    ours = _change(
        claim,
        state=JobState.FAILED if last else JobState.QUEUED,
        lease_until=None,
        run_at=now + _FIRST_PAUSE * 4 ** (claim.attempt - 1),
        finished_at=now if last else None,
        error=error[:_LONGEST_ERROR],
    )
    return ours and last


def requeue_lost(now: datetime) -> int:
    """How many jobs whose holder is gone were put back; the runner gives up what kills it."""
    if db.session.scalar(select(Job.id).where(_lost(now)).limit(1)) is None:
        return 0
    with atomic():
        back = db.session.scalars(
            update(Job)
            .where(_lost(now))
            .values(state=JobState.QUEUED, lease_until=None, run_at=now)
            .returning(Job.id)
        ).all()
    return len(back)


def unfinished(subject: str) -> bool:
    """Whether something is still to be done about this subject."""
    query = select(Job.id).where(
        Job.subject == subject, Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    )
    return db.session.scalar(query.limit(1)) is not None


def latest(*, limit: int = 50, state: JobState | None = None) -> Sequence[Job]:
    """The newest jobs, in any state or in one."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    return db.session.scalars(query if state is None else query.where(Job.state == state)).all()


def count_overdue(now: datetime, *, by: timedelta) -> int:
    """How many jobs have been due for longer than this and are in nobody's hands."""
    query = select(func.count(Job.id)).where(or_(_due(now - by), _lost(now - by)))
    return db.session.scalar(query) or 0


def count_failed() -> int:
    """How many jobs were given up."""
    query = select(func.count(Job.id)).where(Job.state == JobState.FAILED)
    return db.session.scalar(query) or 0


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Job.state == JobState.QUEUED, Job.run_at <= now)


def _lost(now: datetime) -> ColumnElement[bool]:
    return and_(Job.state == JobState.RUNNING, Job.lease_until <= now)


def _take(job_id: UUID, until: datetime) -> Claim:
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, lease_until=until)
        .returning(Job.kind, Job.subject, Job.arguments, Job.attempts)
    ).one()
    return Claim(job_id, taken.kind, taken.subject, taken.arguments, taken.attempts)


def _change(claim: Claim, **values: object) -> bool:
    with atomic():
        changed = db.session.execute(
            update(Job)
            .where(
                Job.id == claim.id,
                Job.state == JobState.RUNNING,
                Job.attempts == claim.attempt,
            )
            .values(**values)
            .returning(Job.id)
        ).first()
    return changed is not None
