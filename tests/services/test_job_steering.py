"""Jobs in people's hands: found, tried again, cancelled, and the record of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories import OLGA, make_job
from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Job, JobState, utcnow
from vertex.services import job_steering, jobs

pytestmark = pytest.mark.usefixtures("vertex_app")

LEASE = timedelta(seconds=60)


def reload(job: Job) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job.id)


def recorded() -> list[tuple[str, AuditAction, str]]:
    entries = db.session.scalars(select(AuditEntry))
    return [(entry.actor, entry.action, entry.subject) for entry in entries]


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_a_job_that_ended_badly_gets_all_its_attempts_anew(state: JobState) -> None:
    job = make_job(
        state=state,
        attempts=jobs.MOST_ATTEMPTS,
        error="no luck",
        finished_at=utcnow(),
        progress=0.5,
    )
    woken: list[str] = []

    job_steering.retry(job.id, actor=OLGA, wake=lambda: woken.append("woken"))

    job = reload(job)
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 0, None)
    assert (job.progress, job.finished_at, woken) == (None, None, ["woken"])
    assert recorded() == [(OLGA.name, AuditAction.JOB_RETRIED, job.subject)]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_any_other_is_not_tried_again(state: JobState) -> None:
    job = make_job(state=state)

    with pytest.raises(ConflictError, match="job_not_ended_badly"):
        job_steering.retry(job.id, actor=OLGA)

    assert (reload(job).state, recorded()) == (state, [])


def test_what_it_is_about_is_prepared_with_it_or_not_at_all() -> None:
    def refuse(**_: object) -> None:
        raise NotFoundError

    job = make_job(state=JobState.FAILED)

    with pytest.raises(NotFoundError):
        job_steering.retry(job.id, actor=OLGA, prepare=refuse)

    assert (reload(job).state, recorded()) == (JobState.FAILED, [])


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = make_job()

    job_steering.cancel(job.id, actor=OLGA)

    assert reload(job).state is JobState.CANCELLED
    assert jobs.claim(utcnow(), lease=LEASE) is None
    assert recorded() == [(OLGA.name, AuditAction.JOB_CANCELLED, job.subject)]


def test_a_cancelled_job_slips_from_its_holders_hands() -> None:
    job = make_job()
    claim = jobs.claim(utcnow(), lease=LEASE)
    assert claim is not None

    job_steering.cancel(job.id, actor=OLGA)

    assert not jobs.extend(claim, utcnow() + LEASE)
    assert not jobs.note_progress(claim, 0.5)
    assert not jobs.fail(claim, "too late", utcnow())
    assert not jobs.finish(claim, utcnow())
    assert jobs.requeue_lost(utcnow() + 2 * LEASE) == 0
    assert reload(job).state is JobState.CANCELLED


def test_a_holder_from_before_the_retry_is_not_taken_for_the_new_one() -> None:
    job = make_job()
    before = jobs.claim(utcnow(), lease=LEASE)
    job_steering.cancel(job.id, actor=OLGA)
    job_steering.retry(job.id, actor=OLGA)
    after = jobs.claim(utcnow(), lease=LEASE)

    assert before is not None
    assert after is not None
    assert before.attempt == after.attempt == 1
    assert not jobs.finish(before, utcnow())
    assert jobs.finish(after, utcnow())
    assert reload(job).state is JobState.DONE


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_what_has_ended_cannot_be_cancelled(state: JobState) -> None:
    job = make_job(state=state)

    with pytest.raises(ConflictError, match="job_ended"):
        job_steering.cancel(job.id, actor=OLGA)

    assert (reload(job).state, recorded()) == (state, [])


def test_a_job_that_is_not_there_is_said_to_be_missing() -> None:
    nothing = UUID(int=0)

    for way in (job_steering.retry, job_steering.cancel):
        with pytest.raises(NotFoundError):
            way(nothing, actor=OLGA)


def test_a_job_is_found_by_the_beginning_of_its_id_if_it_is_the_only_one() -> None:
    first = make_job(id=UUID("0199aaaa-0000-7000-8000-000000000000"))
    make_job(id=UUID("0199aabb-0000-7000-8000-000000000000"))

    assert job_steering.get_by_prefix("0199AAAA").id == first.id
    assert job_steering.get_by_prefix(str(first.id)).id == first.id
    with pytest.raises(ConflictError, match="job_ambiguous"):
        job_steering.get_by_prefix("0199aa")
    for wrong in ("0198", "", "nonsense", "0" * 33):
        with pytest.raises(NotFoundError):
            job_steering.get_by_prefix(wrong)


def test_jobs_are_listed_the_newest_first_and_page_by_page() -> None:
    made = [make_job(state=JobState.FAILED).id for _ in range(5)]
    make_job(state=JobState.DONE)

    first = job_steering.page(state=JobState.FAILED, limit=3)
    second = job_steering.page(state=JobState.FAILED, limit=3, after=first.after)

    assert [job.id for job in [*first.jobs, *second.jobs]] == made[::-1]
    assert second.after is None
