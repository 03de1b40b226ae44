"""The page of notifications, and the bell on every page."""

import re

from tests.factories import make_notification, make_portrait
from tests.web.staff import Staff
from vertex.extensions import db
from vertex.models import Notification
from vertex.services import notifications, portraits

UNREAD = re.compile(r'class="unread">.*?</span>(\d+\+?)</span>')


def bell(staff: Staff) -> str:
    """What stands at the bell."""
    found = UNREAD.search(staff.get("/").text)
    return found.group(1) if found else ""


def test_tells_what_happened_and_leads_there(olga: Staff) -> None:
    portrait = make_portrait()
    make_notification(user_id=olga.user.id, subject=portraits.subject_of(portrait.id))

    page = olga.get("/notifications").text

    assert f'<a href="/portraits/{portrait.id}">Given up after several attempts: Making a' in page


def test_work_of_the_program_itself_leads_to_the_jobs(olga: Staff) -> None:
    make_notification(user_id=olga.user.id, subject="schedule:jobs.prune")

    assert '<a href="/jobs?state=failed">' in olga.get("/notifications").text


def test_speaks_the_readers_language(olga: Staff) -> None:
    make_notification(user_id=olga.user.id)

    page = olga.get("/notifications", **{"Accept-Language": "ru"}).text

    assert "нескольких попыток: Создание маркера" in page


def test_the_bell_counts_what_is_unread(olga: Staff) -> None:
    assert bell(olga) == ""

    first, _ = [make_notification(user_id=olga.user.id) for _ in range(2)]
    make_notification()
    assert bell(olga) == "2"

    reply = olga.post(f"/notifications/{first.id}/read")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/notifications")
    assert bell(olga) == "1"

    olga.post("/notifications/read")
    assert "All are read." in olga.get("/notifications").text
    assert bell(olga) == ""


def test_one_reads_only_for_oneself(olga: Staff, pavel: Staff) -> None:
    theirs = make_notification(user_id=olga.user.id)

    assert "Given up" not in pavel.get("/notifications").text
    assert pavel.post(f"/notifications/{theirs.id}/read").status_code == 404
    pavel.post("/notifications/read")

    db.session.expire_all()
    assert db.session.get_one(Notification, theirs.id).read_at is None


def test_says_so_where_there_is_nothing(pavel: Staff) -> None:
    page = pavel.get("/notifications").text

    assert "Nothing to tell" in page
    assert "Mark all as read" not in page


def test_more_adds_the_next_ones(olga: Staff) -> None:
    for _ in range(32):
        make_notification(user_id=olga.user.id)
    after = notifications.page(olga.user.id).after

    assert f"/notifications?after={after}" in olga.get("/notifications").text
    part = olga.get(f"/notifications?after={after}", target="notification_more").text
    assert part.count("Given up") == 2
    assert "<!doctype" not in part
    assert olga.get("/notifications", target="content").text.startswith("<!doctype html>")
