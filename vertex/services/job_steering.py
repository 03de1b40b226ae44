"""Jobs in people's hands: looked at, tried again, cancelled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Job, JobState, utcnow
from vertex.services import audit, jobs
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import Actor

_PAGE = 30
_MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs of a list; `after` is where the next ones begin, None at the end."""

    jobs: Sequence[Job]
    after: UUID | None


def retry(
    job_id: UUID,
    *,
    actor: Actor,
    prepare: Callable[..., object] | None = None,
    wake: Callable[[], object] | None = None,
) -> Job:
    """Give a job that has ended badly all its attempts anew; `prepare` does so for its subject."""
    with atomic():
        job = _locked(job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise ConflictError("job_not_ended_badly")
        job.state, job.attempts, job.run_at = JobState.QUEUED, 0, utcnow()
        job.progress = job.error = job.finished_at = None
        if prepare is not None:
            prepare(**job.arguments)
        audit.record(actor, AuditAction.JOB_RETRIED, job.subject, {"kind": job.kind})
        if wake is not None:
            after_commit(wake)
    return job


def cancel(job_id: UUID, *, actor: Actor, give_up: Callable[..., object] | None = None) -> Job:
    """Take a job out of the queue, or let its worker notice that nobody wants it any more."""
    with atomic():
        job = _locked(job_id)
        if job.state not in jobs.OPEN:
            raise ConflictError("job_ended")
        job.state, job.lease_until, job.finished_at = JobState.CANCELLED, None, utcnow()
        if give_up is not None:
            give_up(**job.arguments)
        audit.record(actor, AuditAction.JOB_CANCELLED, job.subject, {"kind": job.kind})
    return job


def get(job_id: UUID) -> Job:
    """Return a job."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFoundError(kind="job", id=str(job_id))
    return job


def get_by_prefix(prefix: str) -> Job:
    """Return the one job whose id begins like this, or raise NotFoundError or ConflictError."""
    digits = prefix.replace("-", "").lower()
    if not digits or len(digits) > 32 or not set(digits) <= set("0123456789abcdef"):
        raise NotFoundError(kind="job", id=prefix[:40])
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = db.session.scalars(select(Job).where(Job.id.between(first, last)).limit(2)).all()
    if not found:
        raise NotFoundError(kind="job", id=prefix)
    if len(found) > 1:
        raise ConflictError("job_ambiguous", prefix=prefix)
    return found[0]


def page(
    *,
    state: JobState | None = None,
    after: UUID | None = None,
    until: UUID | None = None,
    limit: int = _PAGE,
) -> Page:
    """Return jobs, the newest first, in any state or in one; all those down to `until`."""
    limit = limit if until is None else _MOST
    query = select(Job).order_by(Job.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(Job.state == state)
    if after is not None:
        query = query.where(Job.id < after)
    if until is not None:
        query = query.where(Job.id >= until)
    found = db.session.scalars(query).all()
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _locked(job_id: UUID) -> Job:
    job = db.session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise NotFoundError(kind="job", id=str(job_id))
    return job
