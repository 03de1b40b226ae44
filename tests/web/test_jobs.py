"""The page of jobs: what admins see and do of the work outside requests."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_client, make_job, make_portrait
from tests.web.staff import Staff
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Job, JobState, PortraitStatus, utcnow
from vertex.services import portraits


def state_of(job: Job) -> JobState:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job.id).state


def rows(text: str) -> list[str]:
    """The kinds of the jobs shown, in their order."""
    return re.findall(r"<strong>(.*?)</strong>", text)


class TestIndex:
    def test_shows_what_it_is_about_how_it_went_and_why(self, olga: Staff) -> None:
        portrait = make_portrait(client_id=make_client(name="Анна").id)
        make_job(
            kind="marker.build",
            subject=portraits.subject_of(portrait.id),
            state=JobState.FAILED,
            attempts=5,
            error="no <b>luck</b>",
            finished_at=utcnow(),
        )

        page = olga.get("/jobs").text

        assert rows(page) == ["Making a marker"]
        assert f'href="/portraits/{portrait.id}">Анна</a>' in page
        assert "5 of 5" in page
        assert "no &lt;b&gt;luck&lt;/b&gt;" in page

    def test_is_for_admins_alone(self, pavel: Staff, olga: Staff) -> None:
        assert pavel.get("/jobs").status_code == 403
        assert 'href="/jobs"' not in pavel.get("/").text
        assert 'href="/jobs"' in olga.get("/").text

    @pytest.mark.parametrize("state", JobState)
    def test_shows_one_state_by_its_address(self, olga: Staff, state: JobState) -> None:
        for other in JobState:
            make_job(kind=f"in-{other}", state=other)

        assert rows(olga.get(f"/jobs?state={state}").text) == [f"in-{state}"]

    def test_a_state_there_is_not_is_not_found(self, olga: Staff) -> None:
        assert olga.get("/jobs?state=asleep").status_code == 404

    def test_says_so_where_there_is_nothing(self, olga: Staff) -> None:
        assert "No jobs yet" in olga.get("/jobs").text
        assert "No job is in this state." in olga.get("/jobs?state=failed").text

    def test_more_adds_the_next_rows_until_there_are_no_more(self, olga: Staff) -> None:
        made = [f"kind-{n}" for n in range(70)]
        for kind in made:
            make_job(kind=kind)

        page, shown = olga.get("/jobs"), []
        while True:
            shown += rows(page.text)
            more = re.search(r'hx-get="(/jobs\?after=[^"]*)"', page.text)
            if not more:
                break
            page = olga.get(more.group(1), target="job_more")
            assert "<!doctype" not in page.text

        assert shown == made[::-1]

    def test_a_part_it_does_not_offer_is_not_served_alone(self, olga: Staff) -> None:
        assert olga.get("/jobs", target="content").text.startswith("<!doctype html>")


class TestPolling:
    def ask_again(self, olga: Staff, url: str) -> tuple[str, str]:
        """After how long the list asks again, and where."""
        found = re.search(r'hx-get="([^"]*)" hx-trigger="load delay:(\d+)s', olga.get(url).text)
        return (found.group(2), found.group(1).replace("&amp;", "&")) if found else ("", "")

    def test_what_is_under_way_asks_again_and_what_waits_for_long_less_often(
        self, olga: Staff
    ) -> None:
        make_job(run_at=utcnow() + timedelta(hours=1))
        assert self.ask_again(olga, "/jobs")[0] == "15"

        make_job(state=JobState.RUNNING)
        assert self.ask_again(olga, "/jobs")[0] == "3"

    def test_what_has_ended_asks_no_more(self, olga: Staff) -> None:
        make_job(state=JobState.DONE)

        assert self.ask_again(olga, "/jobs") == ("", "")

    def test_new_ones_appear_above_and_what_more_has_shown_is_not_repeated(
        self, olga: Staff
    ) -> None:
        for n in range(31):
            make_job(kind=f"kind-{n}")
        _, url = self.ask_again(olga, "/jobs")
        make_job(kind="new")

        part = olga.get(url, target="job_rows").text

        assert part.strip().startswith('<tbody id="job_rows"')
        assert rows(part) == ["new", *[f"kind-{n}" for n in range(30, 0, -1)]]

    def test_the_last_of_a_state_leaves_an_empty_list(self, olga: Staff) -> None:
        job = make_job(state=JobState.RUNNING)
        _, url = self.ask_again(olga, "/jobs?state=running")
        db.session.get_one(Job, job.id).state = JobState.DONE
        db.session.commit()

        part = olga.get(url, target="job_rows").text

        assert rows(part) == []
        assert "Nothing is left here." in part
        assert "hx-trigger" not in part


class TestChanges:
    def test_retry_puts_the_job_and_its_portrait_back_on_their_way(self, olga: Staff) -> None:
        portrait = make_portrait(status=PortraitStatus.FAILED, marker_key=None, deleted_at=None)
        job = make_job(
            kind="marker.build",
            state=JobState.FAILED,
            arguments={"portrait_id": str(portrait.id)},
            subject=portraits.subject_of(portrait.id),
        )

        reply = olga.post(f"/jobs/{job.id}/retry", target=f"job_{job.id}")

        assert reply.text.strip().startswith(f'<tr id="job_{job.id}"')
        assert "It is tried again." in reply.text
        # the queue of the tests runs it at once, and the files of a made-up portrait are not there
        assert state_of(job) is JobState.QUEUED
        assert db.session.get_one(Job, job.id).attempts == 1
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.JOB_RETRIED)
        ).one()
        assert (entry.actor, entry.subject) == (f"user:{olga.user.id}", job.subject)

    def test_cancel_works_without_scripts(self, olga: Staff) -> None:
        job = make_job()

        reply = olga.post(f"/jobs/{job.id}/cancel")

        assert (reply.status_code, reply.headers["Location"]) == (303, "/jobs")
        assert state_of(job) is JobState.CANCELLED
        assert "It is cancelled." in olga.get("/jobs").text

    @pytest.mark.parametrize("change", ["retry", "cancel"])
    def test_what_is_done_cannot_be_changed(self, olga: Staff, change: str) -> None:
        job = make_job(state=JobState.DONE)

        reply = olga.post(f"/jobs/{job.id}/{change}", target=f"job_{job.id}")

        assert reply.status_code == 409
        assert reply.headers["HX-Retarget"] == "#toasts"

    @pytest.mark.parametrize("change", ["retry", "cancel"])
    def test_staff_who_are_no_admins_change_nothing(self, pavel: Staff, change: str) -> None:
        job = make_job(state=JobState.FAILED if change == "retry" else JobState.QUEUED)
        before = job.state

        assert pavel.post(f"/jobs/{job.id}/{change}").status_code == 403
        assert state_of(job) is before

    def test_looking_changes_nothing(self, vertex_app: Flask, olga: Staff) -> None:
        job = make_job()

        assert olga.get(f"/jobs/{job.id}/cancel").status_code == 405
        assert state_of(job) is JobState.QUEUED
