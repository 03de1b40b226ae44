"""How a visit goes, told by a real page and read by the staff."""

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Error

from tests import clips, pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from tests.browser.waiting import until, until_played
from tests.servers.vertex_server import ROOT

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)

READ = """
import json
from sqlalchemy import select
from vertex import create_app
from vertex.extensions import db
from vertex.models import PublicCode, Visit
app = create_app()
with app.app_context():
    query = select(Visit).join(PublicCode).where(PublicCode.code == {code!r})
    rows = db.session.scalars(query.order_by(Visit.id)).all()
    names = ("camera", "found_ms", "watched_ms", "sound", "fallback", "device")
    print(json.dumps([{{name: getattr(row, name) for name in names}} for row in rows]))
"""


def visits(studio: Studio, name: str) -> list[dict[str, object]]:
    script = READ.format(code=studio.portraits[name]["code"])
    environment = studio.installation.environment()
    command = [sys.executable, "-c", script]
    printed = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return list(json.loads(printed.stdout.splitlines()[-1]))


def told(
    studio: Studio, name: str, enough: Callable[[list[dict[str, object]]], bool]
) -> list[dict[str, object]]:
    """The visits of a portrait, once its page has told enough, or what there is after a while."""
    seen: list[dict[str, object]] = []
    for _ in range(15):
        seen = visits(studio, name)
        if enough(seen):
            break
        time.sleep(0.3)
    return seen


def watched(seen: list[dict[str, object]]) -> float:
    """Seconds that the last visit has watched."""
    return int(str(seen[-1]["watched_ms"] or 0)) / 1000


def test_from_the_page_to_the_end(studio: Studio) -> None:
    with opened(pictures.clip("coffee", FRONTAL), (390, 844), touch=True) as page:
        page.goto(studio.page("coffee"))
        before = len(told(studio, "coffee", lambda seen: bool(seen)))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=30_000)
        until_played(page, 1.5)
        page.goto("about:blank")
        seen = told(studio, "coffee", lambda seen: watched(seen) > 0.5)

    assert len(seen) == before >= 1  # one page, one visit
    last = seen[-1]
    assert last["camera"] is True and last["fallback"] is None
    assert isinstance(last["found_ms"], int) and last["found_ms"] > 0
    assert watched(seen) > 0.5
    assert (last["sound"], last["device"]) == (True, "phone")


# The service worker has something to do when the page is left, and for a while after.
OCCUPIED = """() => setTimeout(() => {
  const end = performance.now() + 4000;
  while (performance.now() < end);
}, 100)"""


def test_the_last_word_does_not_wait_for_the_service_worker(studio: Studio) -> None:
    with opened(size=(390, 844), touch=True) as page:
        page.goto(studio.page("coffee"))
        until(page, "navigator.serviceWorker.controller !== null")
        page.click("#watch")
        until_played(page, 0.7)
        page.context.service_workers[0].evaluate(OCCUPIED)
        page.wait_for_timeout(300)
        page.goto("about:blank")
        seen = told(studio, "coffee", lambda seen: watched(seen) > 0)

    assert watched(seen) > 0.3


def test_what_has_been_watched_is_known_of_a_phone_that_dies(studio: Studio) -> None:
    with opened(size=(390, 844), touch=True) as page:
        page.goto(studio.page("coffee"))
        page.click("#watch")
        until_played(page, 2.6)
        with suppress(Error):
            page.goto("chrome://kill")
        seen = told(studio, "coffee", lambda seen: watched(seen) > 0)

    assert 2 <= watched(seen) < 2.6


def test_a_page_without_a_camera_says_why(studio: Studio) -> None:
    with opened(size=(390, 844)) as page:
        page.goto(studio.page("chelsea"))
        page.wait_for_selector('body[data-state="fallback"]')
        last = told(studio, "chelsea", lambda seen: bool(seen and seen[-1]["fallback"]))[-1]

        fallback = "camera-missing"
        assert (last["camera"], last["found_ms"], last["fallback"]) == (False, None, fallback)
        assert (last["sound"], last["device"]) == (False, "desk")  # no finger, nothing watched
        assert page.context.cookies() == []
