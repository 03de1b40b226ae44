"""The runner: what becomes of a job that ends well, badly, or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from tests.conftest import MakeApp
from tests.factories import OLGA, make_job, make_portrait, make_user
from vertex.errors import InvalidError
from vertex.extensions import db
from vertex.jobs import JobLoop, Task, cancel, retry, run_one, run_until_done
from vertex.models import Job, JobState, PortraitStatus, Role, utcnow
from vertex.queue import InlineQueue, ThreadQueue
from vertex.runtime import runtime
from vertex.services import job_steering, jobs, notifications
from vertex.services._transaction import after_commit, atomic
from vertex.services.jobs import Progress


class Work:
    """A task that notes its calls, and does what a test wants it to."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.calls: list[dict[str, Any]] = []
        self.given_up: list[dict[str, Any]] = []
        self.progress: Progress = lambda _fraction: None
        self.then = then

    def run(self, progress: Progress, **arguments: Any) -> None:
        self.calls.append(arguments)
        self.progress = progress
        self.then()

    def give_up(self, **arguments: Any) -> None:
        self.given_up.append(arguments)

    @property
    def tasks(self) -> dict[str, Task]:
        return {"test": Task(run=self.run, give_up=self.give_up)}


def refuse() -> None:
    raise InvalidError("image_damaged")


def reload(job: Job) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job.id)


def make_due(job: Job) -> None:
    with atomic():
        db.session.get_one(Job, job.id).run_at = utcnow()


def test_a_job_is_run_with_its_arguments_and_done(vertex_app: Flask) -> None:
    job, work = make_job(arguments={"portrait_id": "p"}), Work()

    assert run_one(vertex_app, tasks=work.tasks)
    assert not run_one(vertex_app, tasks=work.tasks)

    assert work.calls == [{"portrait_id": "p"}]
    assert reload(job).state is JobState.DONE


def test_a_failing_job_is_tried_again_and_finally_given_up(vertex_app: Flask) -> None:
    job, work = make_job(arguments={"step": 1}), Work(refuse)

    for _ in range(jobs.MOST_ATTEMPTS):
        assert work.given_up == []
        make_due(job)
        run_one(vertex_app, tasks=work.tasks)

    assert (reload(job).state, reload(job).error) == (JobState.FAILED, "image_damaged")
    assert len(work.calls) == jobs.MOST_ATTEMPTS
    assert work.given_up == [{"step": 1}]


def test_a_job_nobody_knows_how_to_run_says_so(vertex_app: Flask) -> None:
    job = make_job(kind="gone")

    run_one(vertex_app, tasks={})

    assert reload(job).error == "KeyError: 'gone'"


def test_a_job_that_takes_its_workers_down_is_given_up_unrun(vertex_app: Flask) -> None:
    work, admin = Work(), make_user(role=Role.ADMIN).id
    job = make_job(
        state=JobState.RUNNING, attempts=jobs.MOST_TAKEN, lease_until=utcnow(), arguments={}
    )

    run_one(vertex_app, tasks=work.tasks)

    assert (work.calls, work.given_up) == ([], [{}])
    assert reload(job).state is JobState.FAILED
    assert "each worker that took it has vanished" in (reload(job).error or "")
    assert notifications.unread_count(admin) == 1


def test_a_subject_that_cannot_be_told_keeps_no_job_from_ending(vertex_app: Flask) -> None:
    def refuse_to_give_up(**_: object) -> None:
        raise InvalidError

    job = make_job(attempts=jobs.MOST_ATTEMPTS - 1)
    tasks = {"test": Task(run=Work(refuse).run, give_up=refuse_to_give_up)}

    run_one(vertex_app, tasks=tasks)

    assert reload(job).state is JobState.FAILED


class TestProgress:
    def test_is_stored_about_once_a_second_however_often_it_is_told(
        self, vertex_app: Flask
    ) -> None:
        job, work, seen = make_job(), Work(), []

        def advance() -> None:
            for step in range(1000):
                work.progress(step / 1000)
                if step % 100 == 0:
                    seen.append(reload(job).progress)

        work.then = advance
        run_one(vertex_app, tasks=work.tasks)

        assert set(seen) == {0.0}
        assert reload(job).progress == 1.0

    def test_ends_the_task_once_the_job_is_cancelled(self, vertex_app: Flask) -> None:
        job, work = make_job(), Work()

        def be_cancelled() -> None:
            job_steering.cancel(job.id, actor=OLGA)
            work.progress(0.5)
            raise AssertionError("the task went on")

        work.then = be_cancelled
        run_one(vertex_app, tasks=work.tasks)

        assert (reload(job).state, reload(job).error) == (JobState.CANCELLED, None)
        assert work.given_up == []

    def test_ends_the_task_by_what_the_heartbeat_noticed(self, make_app: MakeApp) -> None:
        app = make_app(lease_seconds=1)
        with app.app_context():
            job, work = make_job(), Work()

            def be_cancelled() -> None:
                work.progress(0.1)
                job_steering.cancel(job.id, actor=OLGA)
                assert wait_for(lambda: stopped(work.progress))
                work.progress(0.2)

            work.then = be_cancelled
            run_one(app, tasks=work.tasks)

            assert reload(job).state is JobState.CANCELLED


def stopped(progress: Progress) -> bool:
    """Whether the job is in vain."""
    try:
        progress(0.2)
    except jobs.CancelledJobError:
        return True
    return False


def test_of_heavy_tasks_only_so_many_run_at_once(make_app: MakeApp) -> None:
    app = make_app(heavy_jobs=1)
    with app.app_context():
        make_job(), make_job(), make_job(kind="light")
        begun, may_end = threading.Event(), threading.Event()

        def take_long() -> None:
            begun.set()
            may_end.wait(10)

        slow = Work(take_long)
        light = Work()
        tasks = {
            "test": Task(run=slow.run, give_up=slow.give_up, heavy=True),
            "light": Task(run=light.run, give_up=light.give_up),
        }
        other = threading.Thread(target=lambda: run_one(app, tasks=tasks))
        other.start()
        begun.wait(10)

        assert run_one(app, tasks=tasks)
        assert not run_one(app, tasks=tasks), "the second heavy one must wait"
        assert (len(slow.calls), len(light.calls)) == (1, 1)

        may_end.set()
        other.join()
        assert run_one(app, tasks=tasks)


class TestMarkers:
    def test_one_given_up_is_under_way_again_when_tried_again(self, vertex_app: Flask) -> None:
        portrait = make_portrait(status=PortraitStatus.FAILED, reason="not_made", marker_key=None)
        arguments = {"portrait_id": str(portrait.id)}
        job = make_job(kind="marker.build", state=JobState.FAILED, arguments=arguments)
        seen: list[PortraitStatus] = []
        db.session.rollback()
        runtime().queue.attach(lambda: seen.append(portrait.status))

        retry(job.id, actor=OLGA)

        assert seen == [PortraitStatus.PROCESSING]
        assert portrait.reason is None

    def test_one_cancelled_is_not_waited_for(self, vertex_app: Flask) -> None:
        portrait = make_portrait(status=PortraitStatus.PROCESSING, marker_key=None)
        arguments = {"portrait_id": str(portrait.id)}
        job = make_job(kind="marker.build", arguments=arguments)

        cancel(job.id, actor=OLGA)

        assert portrait.status is PortraitStatus.FAILED

    def test_one_of_a_portrait_in_the_bin_can_be_given_up(self, vertex_app: Flask) -> None:
        portrait = make_portrait(status=PortraitStatus.PROCESSING, deleted_at=utcnow())
        arguments = {"portrait_id": str(portrait.id)}
        job = make_job(kind="marker.build", attempts=jobs.MOST_TAKEN, arguments=arguments)

        run_one(vertex_app)

        assert reload(job).state is JobState.FAILED
        assert portrait.status is PortraitStatus.PROCESSING


def test_a_long_job_keeps_its_lease(make_app: MakeApp) -> None:
    app = make_app(lease_seconds=1)
    seen: list[int] = []

    def outlast_the_lease() -> None:
        time.sleep(2)
        seen.append(jobs.requeue_lost(utcnow()))

    with app.app_context():
        job = make_job()
        run_one(app, tasks=Work(outlast_the_lease).tasks)

        assert seen == [0]
        assert (reload(job).state, reload(job).attempts) == (JobState.DONE, 1)


def test_a_job_whose_worker_was_killed_is_found_again(make_app: MakeApp) -> None:
    app = make_app(lease_seconds=1)
    with app.app_context():
        settings = runtime().settings
        job, work = make_job(arguments={"step": "held"}), Work()
        script = Path(__file__).with_name("held_job.py")
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.held_job", settings.instance, settings.database],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=script.parents[2],
            text=True,
        )
        with child:
            assert child.stdout is not None
            assert child.stdout.readline() == f"held {child.pid}\n"
            time.sleep(1.5)
            assert not run_one(app, tasks=work.tasks), "the living child must keep its job"

            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        assert reload(job).state is JobState.RUNNING
        found = wait_for(lambda: run_one(app, tasks=work.tasks))

        assert found
        assert work.calls == [{"step": "held"}]
        assert (reload(job).state, reload(job).attempts) == (JobState.DONE, 2)


def test_waiting_for_a_subject_runs_its_jobs_and_no_others(vertex_app: Flask) -> None:
    mine, other = make_job(kind="gone", subject="portrait:1"), make_job(subject="portrait:2")
    reload(mine).attempts = jobs.MOST_ATTEMPTS - 1
    db.session.commit()

    run_until_done(vertex_app, "portrait:1")

    assert reload(mine).state is JobState.FAILED
    assert reload(other).state is JobState.QUEUED


def test_what_need_not_be_waited_for_is_left_to_others(vertex_app: Flask) -> None:
    mine = make_job(kind="gone", subject="portrait:1")
    later = make_job(kind="later", subject="portrait:1")
    reload(mine).attempts = jobs.MOST_ATTEMPTS - 1
    db.session.commit()

    run_until_done(vertex_app, "portrait:1", but=("later",))

    assert reload(mine).state is JobState.FAILED
    assert (reload(later).state, reload(later).attempts) == (JobState.QUEUED, 0)


class TestQueues:
    def test_an_inline_queue_has_run_the_job_when_wake_returns(self, vertex_app: Flask) -> None:
        assert isinstance(runtime().queue, InlineQueue)

        with atomic():
            job = jobs.add("gone", subject="test:1", arguments={})
            after_commit(runtime().queue.wake)

        assert reload(job).attempts == 1

    def test_a_thread_queue_wakes_who_waits(self) -> None:
        queue, woken = ThreadQueue(), threading.Event()

        def wait() -> None:
            queue.wait(60)
            woken.set()

        threading.Thread(target=wait, daemon=True).start()
        queue.wake()

        assert woken.wait(5)

    def test_a_wake_before_the_wait_is_not_lost(self) -> None:
        queue, began = ThreadQueue(), time.monotonic()

        queue.wake()
        queue.wait(60)

        assert time.monotonic() - began < 5


class TestLoop:
    def test_runs_what_is_there_and_what_comes_until_stopped(self, make_app: MakeApp) -> None:
        app = make_app(job_threads=2, testing=False)
        loop = JobLoop(app)
        with app.app_context():
            queue = runtime().queue
            before = make_job(kind="gone")
            loop.start()
            assert wait_for(lambda: reload(before).attempts == 1)
            after = make_job(kind="gone")
            queue.wake()
            assert wait_for(lambda: reload(after).attempts == 1)

            loop.stop()

            unseen = make_job(kind="gone")
            queue.wake()
            time.sleep(0.3)
            assert reload(unseen).attempts == 0

    def test_making_an_app_starts_no_thread(self, make_app: MakeApp) -> None:
        before = set(threading.enumerate())

        make_app(testing=False)

        assert set(threading.enumerate()) == before


def wait_for(happened: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it happened in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return False
