"""The customer's page in Firefox and WebKitGTK, and in a Chromium that lacks what they lack.

The cameras of Firefox and WebKitGTK are replaced (see engines/camera.py): neither shows a clip.
"""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from tests import clips, pictures
from tests.browser import engines, measure, ways
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio
from tests.browser.engines import camera
from tests.browser.engines.firefox import firefox
from tests.browser.engines.page import Driven
from tests.servers.presence import lacking

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], focal=520.0, frames=120)
FOUND = "document.body.dataset.state === 'found'"
PLAYS = "document.querySelector('#portrait-video').currentTime > 0.2"
WITHIN = 40  # s: WebKitGTK draws without a GPU
SAMPLES = 90


@pytest.fixture(params=sorted(engines.OPENED))
def page(request: pytest.FixtureRequest) -> Iterator[Driven]:
    """A page of each of the other engines."""
    if absent := engines.missing(request.param):
        lacking(absent)
    with engines.OPENED[request.param]() as page:
        yield page


def start(page: Driven, studio: Studio, way: str = "") -> None:
    page.goto(studio.page("astronaut"))
    camera.show(page, pictures.clip("astronaut", FRONTAL))
    if way:
        ways.only(page, way)
    page.click("#start")


def test_the_print_comes_alive(studio: Studio, page: Driven) -> None:
    start(page, studio)
    page.wait_for(FOUND, WITHIN)
    page.wait_for(PLAYS, WITHIN)

    clip = pictures.clip("astronaut", FRONTAL)
    off = measure.errors(measure.samples(page, SAMPLES), clip)

    assert len(off) >= SAMPLES / 2
    assert np.median(off) <= 1
    assert page.evaluate(FOUND)


@pytest.mark.parametrize("way", ways.ALL)
def test_every_way_of_taking_frames_finds_it(studio: Studio, page: Driven, way: str) -> None:
    start(page, studio, way)

    page.wait_for(FOUND, WITHIN)

    assert ways.in_use(page) == way


def test_without_webgl_the_film_is_offered(studio: Studio) -> None:
    if absent := engines.missing("firefox"):
        lacking(absent)
    with firefox(preferences={"webgl.disabled": True}) as page:
        page.goto(studio.page("astronaut"))

        page.wait_for("document.body.dataset.state === 'fallback'")

        assert page.evaluate("document.body.dataset.reason") == "no-webgl"


@pytest.mark.parametrize("way", ways.ALL)
def test_every_way_finds_it_in_chromium(studio: Studio, way: str) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        witness = Witness(page, studio.installation.url)
        page.add_init_script(ways.WITHOUT_DIRECT_PATH)
        page.goto(studio.page("astronaut"))
        ways.only(page, way)
        page.click("#start")

        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN * 1000)

        assert ways.in_use(page) == way
        witness.nothing_happened()


BROKEN = """
delete window.MediaStreamTrackProcessor;
for (const name of ['VideoFrame', 'createImageBitmap'])
  window[name] = function () { throw new Error('broken'); };
WebGL2RenderingContext.prototype.fenceSync = () => null;
"""


def test_ways_that_fail_are_abandoned(studio: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        page.add_init_script(BROKEN)
        page.goto(studio.page("astronaut"))
        page.click("#start")

        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN * 1000)
        for _ in range(WITHIN):
            if ways.settled(page):
                break
            page.wait_for_timeout(1000)

        assert ways.settled(page) == ["canvas"]


SILENT = """
window.MediaStreamTrackProcessor = class { readable = new ReadableStream(); };
"""


def test_a_direct_path_that_says_nothing_is_abandoned(studio: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        page.add_init_script(SILENT)
        page.goto(studio.page("astronaut"))
        page.click("#start")

        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN * 1000)

        assert ways.in_use(page) in ways.ALL
