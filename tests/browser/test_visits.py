"""How a visit goes, told by a real page and read by the staff."""

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Callable

from tests import clips, pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from tests.browser.waiting import until_played
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


def test_from_the_page_to_the_end(studio: Studio) -> None:
    with opened(pictures.clip("coffee", FRONTAL), (390, 844), touch=True) as page:
        page.goto(studio.page("coffee"))
        before = len(told(studio, "coffee", lambda seen: bool(seen)))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=30_000)
        until_played(page, 1.5)
        page.goto("about:blank")
        seen = told(studio, "coffee", lambda seen: int(str(seen[-1]["watched_ms"] or 0)) > 500)

    assert len(seen) == before >= 1  # one page, one visit
    last = seen[-1]
    assert last["camera"] is True and last["fallback"] is None
    assert isinstance(last["found_ms"], int) and last["found_ms"] > 0
    assert isinstance(last["watched_ms"], int) and last["watched_ms"] > 500
    assert (last["sound"], last["device"]) == (True, "phone")


def test_a_page_without_a_camera_says_why(studio: Studio) -> None:
    with opened(size=(390, 844)) as page:
        page.goto(studio.page("chelsea"))
        page.wait_for_selector('body[data-state="fallback"]')
        last = told(studio, "chelsea", lambda seen: bool(seen and seen[-1]["fallback"]))[-1]

        fallback = "camera-missing"
        assert (last["camera"], last["found_ms"], last["fallback"]) == (False, None, fallback)
        assert (last["sound"], last["device"]) == (False, "desk")  # no finger, nothing watched
        assert page.context.cookies() == []
