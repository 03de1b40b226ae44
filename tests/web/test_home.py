"""The first page of the staff."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import make_job, make_order, make_portrait, make_public_code
from tests.web.staff import Staff
from vertex.models import JobState, OrderStatus, Recognisable
from vertex.runtime import runtime
from vertex.services import dashboard, visits
from vertex.web.orders import today


def test_a_studio_in_which_nothing_needs_anybody(olga: Staff) -> None:
    page = olga.get("/").text

    assert 'class="needs"' not in page
    assert '<svg class="plot"' not in page
    assert "Your first portrait" in page


def test_what_needs_somebody_leads_there(olga: Staff) -> None:
    make_order(due_on=today() - timedelta(days=1))
    make_portrait(recognisable=Recognisable.NO)
    make_job(state=JobState.FAILED)

    page = olga.get("/").text

    assert 'href="/orders?due=overdue"' in page
    assert "1 order is overdue" in page
    assert 'href="#poor"' in page
    assert "1 portrait is poorly recognised" in page
    assert 'href="/jobs?state=failed"' in page
    assert "1 job has failed" in page
    assert "Free space for files" in page


def test_what_only_admins_can_mend_is_told_to_them_alone(
    pavel: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_job(state=JobState.FAILED)
    monkeypatch.setattr(dashboard, "LITTLE_SPACE", 1 << 62)

    page = pavel.get("/").text

    assert "job has failed" not in page
    assert "Free space" not in page and "Little space" not in page


def test_little_space_is_told_in_time(olga: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Little space" not in olga.get("/").text
    free = runtime().storage.free_bytes()
    assert free is not None
    monkeypatch.setattr(dashboard, "LITTLE_SPACE", free * 2)

    assert "Little space is left for videos" in olga.get("/").text


def test_orders_by_status_lead_to_their_lists(olga: Staff) -> None:
    for _ in range(2):
        make_order(status=OrderStatus.PRINTED)

    page = olga.get("/").text

    assert '<a href="/orders?status=printed">Printed <strong>2</strong></a>' in page
    assert '<a href="/orders?status=new">New <strong>0</strong></a>' in page


def test_visits_are_drawn(vertex_app: Flask, olga: Staff) -> None:
    portrait = make_portrait()
    code = make_public_code(portrait_id=portrait.id).code
    tellings: list[dict[str, object]] = [{"camera": True, "found": 900}, {"camera": True}, {}]
    for n, told in enumerate(tellings):
        assert visits.note(code, {"visit": f"{n:032x}", **told})

    page = olga.get("/").text

    assert page.count('<rect class="opened"') == dashboard.DAYS
    assert 'height="120.0"' in page and 'height="40.0"' in page
    assert "3 visits" in page
    assert "50 % of those who used the camera found the print (1 of 2)" in page


def test_the_counts_come_alone_when_they_have_changed(olga: Staff) -> None:
    part = olga.get("/", target="counts").text

    assert part.strip().startswith('<div id="counts"')
    assert "<html" not in part
