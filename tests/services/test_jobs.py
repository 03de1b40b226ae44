"""Jobs: stored with their change, taken by one, found again when the one is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories import make_job
from vertex.extensions import db
from vertex.models import Job, JobState
from vertex.services import job_steering, jobs
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def reload(job: Job) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job.id)


def take(now: datetime = NOON) -> jobs.Claim:
    claim = jobs.claim(now, lease=LEASE)
    assert claim is not None
    return claim


def test_a_job_is_stored_only_with_the_change_it_belongs_to() -> None:
    with pytest.raises(RuntimeError), atomic():
        jobs.add("test", subject="test:1", arguments={})
        raise RuntimeError

    assert job_steering.page().jobs == []


def test_the_one_due_first_is_taken_first_and_only_once() -> None:
    later = make_job(run_at=NOON - SECOND)
    sooner = make_job(run_at=NOON - 2 * SECOND)
    make_job(run_at=NOON + SECOND)

    taken = [take().id, take().id]

    assert taken == [sooner.id, later.id]
    assert jobs.claim(NOON, lease=LEASE) is None
    job = reload(sooner)
    assert (job.state, job.attempts, job.lease_until) == (JobState.RUNNING, 1, NOON + LEASE)


def test_what_somebody_waits_for_is_taken_before_what_is_due_longer() -> None:
    bulk = make_job(run_at=NOON - 3 * SECOND, priority=jobs.BULK)
    normal = make_job(run_at=NOON - 2 * SECOND)
    urgent = make_job(run_at=NOON - SECOND, priority=jobs.URGENT)

    assert [take().id for _ in range(3)] == [urgent.id, normal.id, bulk.id]


class TestBound:
    HEAVY = jobs.Bound(frozenset({"convert"}), 1)

    def claim(self, now: datetime = NOON) -> jobs.Claim | None:
        return jobs.claim(now, lease=LEASE, bound=self.HEAVY)

    def test_heavy_jobs_wait_for_each_other_and_hold_up_nothing_else(self) -> None:
        for _ in range(2):
            make_job(kind="convert", run_at=NOON)
        light = make_job(run_at=NOON, priority=jobs.BULK)
        first = self.claim()
        assert first is not None
        assert first.kind == "convert"

        second = self.claim()

        assert second is not None
        assert second.id == light.id
        assert self.claim() is None
        jobs.finish(first, NOON)
        third = self.claim()
        assert third is not None
        assert third.kind == "convert"

    def test_one_whose_worker_is_gone_stands_in_nobodys_way(self) -> None:
        for _ in range(2):
            make_job(kind="convert", run_at=NOON)
        self.claim()

        assert self.claim(NOON + LEASE) is not None

    def test_of_many_takers_one_gets_a_heavy_job(self, vertex_app: Flask) -> None:
        for _ in range(16):
            make_job(kind="convert", run_at=NOON)

        def take_one(_: int) -> bool:
            with vertex_app.app_context():
                return self.claim() is not None

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(take_one, range(16))) == 1


def test_how_far_a_job_has_come_is_noted_by_its_holder_alone() -> None:
    job = make_job(run_at=NOON)
    late = take()
    jobs.requeue_lost(NOON + LEASE)

    second = take(NOON + LEASE)

    assert not jobs.note_progress(late, 0.9)
    assert jobs.note_progress(second, 1.7)
    assert reload(job).progress == 1.0


def test_a_job_of_one_subject_can_be_asked_for() -> None:
    make_job(run_at=NOON - SECOND, subject="portrait:1")
    wanted = make_job(run_at=NOON, subject="portrait:2")

    claim = jobs.claim(NOON, lease=LEASE, subject="portrait:2")

    assert claim is not None
    assert claim.id == wanted.id


def test_a_finished_job_is_done() -> None:
    job = make_job(run_at=NOON)

    assert jobs.finish(take(), NOON + SECOND)

    job = reload(job)
    assert (job.state, job.finished_at, job.lease_until) == (JobState.DONE, NOON + SECOND, None)
    assert not jobs.unfinished(job.subject)


def test_a_failed_job_is_tried_again_later_each_time_and_then_given_up() -> None:
    job = make_job(run_at=NOON)
    now, pauses = NOON, []

    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        claim = take(now)
        assert claim.attempt == attempt
        last = jobs.fail(claim, "no luck", now)
        pauses.append(reload(job).run_at - now)
        now = reload(job).run_at
        assert last is (attempt == jobs.MOST_ATTEMPTS)

    assert [pause.total_seconds() for pause in pauses[:-1]] == [5, 20, 80, 320]
    job = reload(job)
    assert (job.state, job.error) == (JobState.FAILED, "no luck")
    assert jobs.count_failed() == 1
    assert jobs.claim(now + timedelta(days=1), lease=LEASE) is None


def test_a_job_whose_lease_has_ended_is_put_back_and_its_late_holder_changes_nothing() -> None:
    job = make_job(run_at=NOON)
    late = take()
    after = NOON + LEASE

    assert jobs.requeue_lost(after - SECOND) == 0
    assert jobs.requeue_lost(after) == 1
    second = take(after)

    assert second.attempt == 2
    assert not jobs.extend(late, after + LEASE)
    assert not jobs.finish(late, after)
    assert not jobs.fail(late, "too late", after)
    job = reload(job)
    assert (job.state, job.attempts, job.lease_until) == (JobState.RUNNING, 2, after + LEASE)


def test_a_job_whose_workers_keep_vanishing_is_taken_later_each_time() -> None:
    job, now, pauses = make_job(run_at=NOON), NOON, []

    for _ in range(10):
        take(now)
        now += LEASE
        assert jobs.requeue_lost(now) == 1
        pauses.append((reload(job).run_at - now).total_seconds())
        now = reload(job).run_at

    assert pauses == [0, 0, 5, 10, 20, 40, 80, 80, 80, 0]


def test_a_held_job_stays_with_its_holder_as_long_as_it_says_so() -> None:
    make_job(run_at=NOON)
    claim = take()

    assert jobs.extend(claim, NOON + 2 * LEASE)

    assert jobs.requeue_lost(NOON + LEASE + SECOND) == 0
    assert jobs.finish(claim, NOON + LEASE + SECOND)


@pytest.mark.parametrize(
    ("state", "days"),
    [(JobState.DONE, 30), (JobState.CANCELLED, 30), (JobState.FAILED, 180)],
)
def test_what_ended_long_ago_is_forgotten(state: JobState, days: int) -> None:
    ended = NOON - timedelta(days=days)
    make_job(state=state, finished_at=ended - SECOND)
    kept = make_job(state=state, finished_at=ended)
    waiting = make_job(created_at=ended - timedelta(days=365))

    assert jobs.prune(NOON) == 1

    assert {job.id for job in job_steering.page().jobs} == {kept.id, waiting.id}


def test_jobs_nobody_takes_are_counted() -> None:
    make_job(run_at=NOON)
    by = timedelta(minutes=5)

    assert jobs.count_overdue(NOON + by - SECOND, by=by) == 0
    assert jobs.count_overdue(NOON + by, by=by) == 1


def test_what_cannot_be_told_of_the_subject_is_not_stored_of_the_job() -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError

    job = make_job(run_at=NOON, attempts=jobs.MOST_ATTEMPTS - 1)
    claim = take()

    with pytest.raises(RuntimeError):
        jobs.fail(claim, "no luck", NOON, give_up=refuse)

    assert reload(job).state is JobState.RUNNING


def test_of_many_takers_each_job_has_one(vertex_app: Flask) -> None:
    for _ in range(24):
        make_job(run_at=NOON)

    def take_all(_: int) -> list[str]:
        taken = []
        with vertex_app.app_context():
            while claim := jobs.claim(NOON, lease=LEASE):
                taken.append(str(claim.id))
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [job for group in pool.map(take_all, range(8)) for job in group]

    assert len(taken) == len(set(taken)) == 24
