"""Jobs: stored with the change they belong to, held by a lease, never lost."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from vertex.extensions import db
from vertex.models import Job, JobState, NotificationType, utcnow
from vertex.services import notifications
from vertex.services._transaction import atomic

URGENT = 0  # somebody waits for it: a customer's marker
NORMAL = 10  # conversions
MANY = 12  # conversions of a whole folder or ZIP: after what one customer waits for
LATER = 15  # proofs: nobody waits for them
BULK = 20  # batches, housekeeping

MOST_ATTEMPTS = 5
MOST_TAKEN = 10  # by workers that vanished: a machine may go down several times for other reasons
KEPT = timedelta(days=30)
KEPT_FAILED = timedelta(days=180)
OPEN = (JobState.QUEUED, JobState.RUNNING)

Progress: TypeAlias = Callable[[float], None]

_LONGEST_ERROR = 2000
_CLAIMING = 0x76657274  # names PostgreSQL's lock of those who claim


class CancelledJobError(Exception):
    """The job was cancelled, or has passed to another worker: what is under way may stop."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand; `number` tells its holder from all earlier and later ones."""

    id: UUID
    kind: str
    subject: str
    arguments: dict[str, Any]
    attempt: int
    number: int


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many jobs of these kinds run at once, in all processes together."""

    kinds: frozenset[str]
    most: int


def add(
    kind: str,
    *,
    subject: str,
    arguments: dict[str, Any],
    run_at: datetime | None = None,
    priority: int = NORMAL,
) -> Job:
    """The stored job; the caller wakes the queue after its commit."""
    job = Job(
        kind=kind,
        subject=subject,
        arguments=arguments,
        run_at=run_at or utcnow(),
        priority=priority,
    )
    with atomic():
        db.session.add(job)
    return job


def claim(
    now: datetime,
    *,
    lease: timedelta,
    subject: str | None = None,
    but: Collection[str] = (),
    bound: Bound | None = None,
) -> Claim | None:
    """The next due job, held until the lease ends, or None; never the same one to two callers.

    Jobs of any subject or of one, and of any kind `but` these.
    """
    wanted = [_due(now), Job.kind.not_in(but)]
    if subject is not None:
        wanted.append(Job.subject == subject)
    if bound is not None:
        wanted.append(_within(bound, now))
    query = select(Job.id).where(*wanted).order_by(Job.priority, Job.run_at, Job.id).limit(1)
    # a look first: on SQLite an idle worker must not take the one place for writing
    if db.session.scalar(query) is None:
        return None
    with atomic():
        if db.session.get_bind().dialect.name == "postgresql":
            # two who claim at once would each count the heavy jobs without the other's
            db.session.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
        job_id = db.session.scalar(query.with_for_update(skip_locked=True, of=Job))
        return None if job_id is None else _take(job_id, now + lease)


def extend(claim: Claim, until: datetime) -> bool:
    """Hold the job longer; False if it is not ours any more."""
    return _change(claim, lease_until=until)


def note_progress(claim: Claim, fraction: float) -> bool:
    """Note how much of the job is done, 0 to 1; False if it is not ours any more."""
    return _change(claim, progress=min(max(fraction, 0.0), 1.0))


def finish(claim: Claim, now: datetime) -> bool:
    """Mark the job as done; False if it is not ours any more."""
    return _change(
        claim, state=JobState.DONE, lease_until=None, finished_at=now, error=None, progress=1.0
    )


def pause_after(attempt: int) -> timedelta:
    """How long a job rests after this failed attempt: 5 s, 20 s, 80 s, 320 s."""
    return timedelta(seconds=5 * 4 ** (attempt - 1))


def fail(
    claim: Claim, error: str, now: datetime, *, give_up: Callable[..., object] | None = None
) -> bool:
    """Put the job back for another attempt, later each time; True if there will be none.

    With the last attempt `give_up` says so of what the job is about, and the admins are told:
    all of it or nothing is stored.
    """
    last = claim.attempt >= MOST_ATTEMPTS
    with atomic():
        ours = _change(
            claim,
            state=JobState.FAILED if last else JobState.QUEUED,
            lease_until=None,
            run_at=now + pause_after(claim.attempt),
            finished_at=now if last else None,
            error=error[:_LONGEST_ERROR],
            progress=None,
        )
        if ours and last:
            if give_up is not None:
                give_up(**claim.arguments)
            told = {"kind": claim.kind}
            notifications.tell_admins(NotificationType.JOB_FAILED, told, claim.subject)
    return ours and last


def pause_after_loss(attempt: int) -> timedelta:
    """How long a job rests whose holder has vanished: 0, 0, 5, 10, 20, 40, 80, 80, 80 s.

    A machine that goes down once or twice costs nobody time; one that keeps going down does not
    use up a job's takes within a minute, and what takes its workers down does so ever less often.
    """
    at_once = attempt < 3 or attempt >= MOST_TAKEN  # the next take of the latter is not run
    return timedelta(seconds=0 if at_once else min(5 * 2 ** (attempt - 3), 80))


def requeue_lost(now: datetime) -> int:
    """How many jobs whose holder is gone were put back; the runner gives up what kills it."""
    query = select(Job.id, Job.attempts).where(_lost(now))
    if db.session.scalar(select(query.exists())) is False:
        return 0
    with atomic():
        lost = db.session.execute(query.with_for_update(skip_locked=True)).all()
        for job_id, attempts in lost:
            values = {"lease_until": None, "run_at": now + pause_after_loss(attempts)}
            stored = update(Job).where(Job.id == job_id, _lost(now))
            db.session.execute(stored.values(state=JobState.QUEUED, **values))
    return len(lost)


def prune(now: datetime) -> int:
    """How many jobs were forgotten that ended long ago; those that failed are kept longer."""
    ended = (JobState.DONE, JobState.CANCELLED)
    old = or_(
        and_(Job.state.in_(ended), Job.finished_at < now - KEPT),
        and_(Job.state == JobState.FAILED, Job.finished_at < now - KEPT_FAILED),
    )
    with atomic():
        return len(db.session.scalars(delete(Job).where(old).returning(Job.id)).all())


def unfinished(subject: str, *, but: Collection[str] = ()) -> bool:
    """Whether something is still to be done about this subject, `but` of these kinds."""
    query = select(Job.id).where(Job.subject == subject, Job.state.in_(OPEN), Job.kind.not_in(but))
    return db.session.scalar(query.limit(1)) is not None


def latest(subject: str, *kinds: str) -> Mapping[str, Job]:
    """The job of each of these kinds that was last asked for about this subject."""
    query = select(Job).where(Job.subject == subject, Job.kind.in_(kinds))
    # the last comes last, and stays
    return {job.kind: job for job in db.session.scalars(query.order_by(Job.id))}


def progress_of(subject: str, kind: str) -> float | None:
    """How much of a job about this subject is done, 0 to 1; None if there is none to do."""
    query = select(func.coalesce(Job.progress, 0.0)).where(
        Job.subject == subject, Job.kind == kind, Job.state.in_(OPEN)
    )
    return db.session.scalar(query.order_by(Job.id.desc()).limit(1))


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


def _within(bound: Bound, now: datetime) -> ColumnElement[bool]:
    """Jobs that may begin beside the heavy ones in living hands."""
    other = aliased(Job)
    running = (
        select(func.count(other.id))
        .where(
            other.state == JobState.RUNNING, other.lease_until > now, other.kind.in_(bound.kinds)
        )
        .scalar_subquery()
    )
    return or_(Job.kind.not_in(bound.kinds), running < bound.most)


def _take(job_id: UUID, until: datetime) -> Claim:
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            claims=Job.claims + 1,
            lease_until=until,
        )
        .returning(Job.kind, Job.subject, Job.arguments, Job.attempts, Job.claims)
    ).one()
    return Claim(job_id, *taken)


def _change(claim: Claim, **values: object) -> bool:
    with atomic():
        changed = db.session.execute(
            update(Job)
            .where(
                Job.id == claim.id,
                Job.state == JobState.RUNNING,
                Job.claims == claim.number,
            )
            .values(**values)
            .returning(Job.id)
        ).first()
    return changed is not None
