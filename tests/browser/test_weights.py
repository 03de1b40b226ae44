"""What a first scan fetches, file by file; test_second_scan.py has the next."""

import dataclasses
import re
import sys
from urllib.parse import urlsplit

import brotli
import pytest
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from vertex.web.compression import source_of
from vertex.web.static import FOLDER

BEFORE_THE_TAP = 100_000  # bytes, as they come over the line
BEFORE_THE_VIDEO = 450_000
FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms


def without_release(path: str) -> str:
    return re.sub(r"^/(static|v)/r/[0-9a-f]+", "", path)


class Scale:
    """Weighs what comes over the line, headers and all."""

    def __init__(self, page: Page) -> None:
        self.weights: dict[str, int] = {}
        self._names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._end)

    def _begin(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        path = urlsplit(str(request["url"])).path
        self._names[str(event["requestId"])] = without_release(path)

    def _end(self, event: dict[str, object]) -> None:
        name = self._names.get(str(event["requestId"]), "?")
        size = event["encodedDataLength"]
        assert isinstance(size, float | int)
        self.weights[name] = self.weights.get(name, 0) + int(size)


def table(weights: dict[str, int]) -> str:
    rows = sorted(weights.items(), key=lambda row: -row[1])
    return "\n".join(f"{size:>8} {name}" for name, size in rows)


@pytest.fixture(scope="module")
def compressed(studio: Studio) -> Studio:
    """The studio as `make run` starts it."""
    studio.installation.flask("static", "compress")
    return studio


def test_a_first_scan_weighs_little(compressed: Studio) -> None:
    # what the service worker fetches for later is the same, and counted nowhere
    clip = pictures.clip("astronaut", FRONTAL)
    with opened(clip, (390, 844), service_workers="block") as page:
        scale = Scale(page)
        page.goto(compressed.page("astronaut"), wait_until="load")
        page.wait_for_timeout(1000)  # people take longer to read
        before = dict(scale.weights)
        workers = worker_weights(page)
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        page.wait_for_timeout(500)
        videos = {name for name in scale.weights if "/video/" in name}
        until = {name: size for name, size in scale.weights.items() if name not in videos}
        until |= worker_weights(page)

    before |= workers
    for title, weights in (("before the tap", before), ("before the video", until)):
        sys.stdout.write(f"\n{title}\n{table(weights)}\n{sum(weights.values()):>8}\n")
    assert not [name for name in before if "aframe" in name and name.endswith(".js")]
    assert [name for name in until if "aframe" in name] and [n for n in until if "marker" in n]
    assert sum(before.values()) <= BEFORE_THE_TAP, table(before)
    assert sum(until.values()) <= BEFORE_THE_VIDEO, table(until)


def worker_weights(page: Page) -> dict[str, int]:
    """What the Worker fetched, which the page's own session does not see."""
    (worker,) = page.workers
    entries = worker.evaluate(
        "performance.getEntriesByType('resource').map((e) => [e.name, e.transferSize])"
    )
    script = 400 + len(brotli.compress(source_of(FOLDER / "ar/worker.js")))  # and its headers
    own = {"/worker.js": script}
    for name, size in entries:
        own[without_release(urlsplit(name).path)] = int(size)
    return own
