"""A page that nobody sees stops: no frame is looked at, no video plays; seen again, all goes on."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import hideable, ways
from tests.browser.chromium import Witness
from tests.browser.conftest import Studio
from tests.browser.waiting import until
from vertex.services import phone_checks

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], focal=520.0, frames=120)
WITHIN = 40_000  # ms
AWAY = 2_000  # ms for which the page is hidden
IN_FLIGHT = 2  # poses that were under way when it was

# Counts what passes between the page and its Worker, and keeps the camera's streams.
HEED = """
window.heard = {poses: 0, sent: []};
window.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    this.addEventListener('message', ({data}) => (heard.poses += Number(data.type === 'pose')));
  }
  postMessage(message, transfer) {
    heard.sent.push(message.type);
    super.postMessage(message, transfer);
  }
};
window.streams = [];
if (navigator.mediaDevices) {  // not on about:blank
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    await new Promise((done) => setTimeout(done, window.cameraTakes ?? 0));
    if (window.refusal) throw new DOMException('', window.refusal);
    streams.push(await open(wish));
    return streams.at(-1);
  };
}
"""
PLAYS = "!document.querySelector('#portrait-video').paused"
MOVES = "document.querySelector('#portrait-video').currentTime"
LIVE = "streams.map((stream) => stream.getTracks()[0].readyState)"


@pytest.fixture(scope="module", autouse=True)
def rendered() -> None:
    """The clips, before anything is measured."""
    pictures.prepare([("astronaut", FRONTAL)])


def camera() -> Path:
    return pictures.clip("astronaut", FRONTAL)


def start(page: Page, studio: Studio, way: str = "") -> None:
    page.add_init_script(HEED)
    if way:
        page.add_init_script(ways.WITHOUT_DIRECT_PATH)
    page.goto(studio.page("astronaut"))
    if way:
        ways.only(page, way)
    page.click("#start")
    wait_for(page, "found")


def wait_for(page: Page, state: str) -> None:
    page.wait_for_selector(f'body[data-state="{state}"]', timeout=WITHIN)


def hide_for_a_while(page: Page) -> None:
    """Hidden, the page looks at nothing and plays nothing."""
    hideable.hide(page)
    before = page.evaluate("heard.poses")
    page.wait_for_timeout(AWAY)

    assert page.evaluate("heard.poses") - before <= IN_FLIGHT
    assert not page.evaluate(PLAYS)
    assert page.evaluate("document.querySelector('#camera').paused")
    assert page.evaluate("document.body.dataset.state") == "scanning"


@pytest.mark.parametrize("way", ["", *ways.ALL], ids=lambda way: way or "direct")
def test_a_hidden_page_rests_and_goes_on_when_it_is_seen(studio: Studio, way: str) -> None:
    with hideable.opened(camera()) as page:
        witness = Witness(page, studio.installation.url)
        start(page, studio, way)
        until(page, f"{MOVES} > 0.2")

        hide_for_a_while(page)
        poses, second = page.evaluate("heard.poses"), page.evaluate(MOVES)
        hideable.show(page)

        wait_for(page, "found")
        until(page, f"{PLAYS} && {MOVES} != {second}")
        assert page.evaluate("heard.poses") > poses
        assert ways.in_use(page) == (way or "windowStream")
        assert page.evaluate(LIVE) == ["live"]  # never opened again: it was a short absence
        witness.nothing_happened()


END_TRACK = """
const [track] = streams.at(-1).getTracks();
track.stop();
track.dispatchEvent(new Event('ended'));
"""


@pytest.mark.parametrize("hidden", [True, False], ids=["hidden", "seen"])
@pytest.mark.parametrize("way", ["", "canvas"], ids=["direct", "canvas"])
def test_a_camera_that_the_phone_has_ended_is_opened_again(
    studio: Studio, way: str, hidden: bool
) -> None:
    with hideable.opened(camera()) as page:
        witness = Witness(page, studio.installation.url)
        start(page, studio, way)

        if hidden:
            hide_for_a_while(page)
        page.evaluate(END_TRACK)
        poses = page.evaluate("heard.poses")
        if hidden:
            hideable.show(page)

        until(page, f"heard.poses > {poses} + {IN_FLIGHT}")
        wait_for(page, "found")
        until(page, PLAYS)
        assert page.evaluate(LIVE) == ["ended", "live"]
        witness.nothing_happened()


def test_a_camera_that_stays_muted_is_opened_again(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        start(page, studio)

        hide_for_a_while(page)
        page.evaluate("Object.defineProperty(streams[0].getTracks()[0], 'muted', {value: true})")
        hideable.show(page)

        wait_for(page, "found")
        assert page.evaluate(LIVE) == ["ended", "live"]


def test_who_stays_away_goes_on_with_one_tap(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        page.add_init_script(HURRY)
        start(page, studio)

        hide_for_a_while(page)
        assert page.evaluate(LIVE) == ["ended"]
        second = page.evaluate(MOVES)
        hideable.show(page)
        wait_for(page, "ready")
        assert page.evaluate(LIVE) == ["ended"]  # no camera that nobody asked for
        assert page.is_visible("#start") and "Start" in page.inner_text("#status")

        page.click("#start")
        wait_for(page, "found")
        assert page.evaluate(MOVES) >= second - 0.1  # from where it was
        until(page, PLAYS)
        assert page.evaluate(LIVE) == ["ended", "live"]


# The half minute for which a hidden page keeps its camera passes in half a second.
HURRY = """
const wait = setTimeout;
window.setTimeout = (done, ms) => wait(done, ms === 30000 ? 500 : ms);
"""


def test_a_camera_that_is_refused_on_return_leads_to_the_video(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        start(page, studio)

        hide_for_a_while(page)
        page.evaluate(END_TRACK)
        page.evaluate("window.refusal = 'NotAllowedError'")
        hideable.show(page)

        wait_for(page, "fallback")
        assert page.evaluate("document.body.dataset.reason") == "camera-denied"
        assert page.is_visible("#portrait-video")


def test_an_absence_while_the_camera_comes_back_does_not_shorten_the_wait(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        start(page, studio)
        page.context.grant_permissions(["camera"])

        page.evaluate("window.cameraTakes = 9500")
        page.evaluate(END_TRACK)
        page.wait_for_timeout(1000)
        hideable.hide(page)
        page.wait_for_timeout(2000)
        hideable.show(page)

        until(page, "streams.length === 2")
        wait_for(page, "found")
        until(page, PLAYS)
        assert page.evaluate(LIVE) == ["ended", "live"]


def test_a_page_that_is_hidden_while_the_camera_opens_waits_with_it(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        witness = Witness(page, studio.installation.url)
        page.add_init_script(HEED)
        page.goto(studio.page("astronaut"))
        page.evaluate("window.cameraTakes = 1500")
        page.click("#start")
        hideable.hide(page)

        until(page, "streams.length")
        page.wait_for_timeout(1000)
        assert page.evaluate("[heard.poses, heard.sent.includes('stream')]") == [0, False]
        hideable.show(page)

        wait_for(page, "found")
        until(page, PLAYS)
        assert page.evaluate(LIVE) == ["live"]
        witness.nothing_happened()


def test_the_film_without_camera_pauses_and_goes_on(studio: Studio) -> None:
    with hideable.opened(camera()) as page:
        start(page, studio)
        page.click("#watch")
        wait_for(page, "fallback")
        until(page, PLAYS)

        hideable.hide(page)
        assert not page.evaluate(PLAYS)
        hideable.show(page)

        until(page, PLAYS)
        assert page.evaluate(LIVE) == ["ended"]


@pytest.fixture(scope="module")
def sample_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera that sees the sample portrait."""
    data = np.frombuffer(phone_checks.sample(), np.uint8)
    portrait = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    shot = dataclasses.replace(clips.STANDARD["frontal"], frames=30)
    return clips.write(portrait, shot, tmp_path_factory.mktemp("sample"), "sample")


def test_a_check_is_not_spoilt_by_an_absence(studio: Studio, sample_clip: Path) -> None:
    with hideable.opened(sample_clip) as page:
        page.add_init_script(HEED)
        page.goto(f"{studio.installation.url}/v/check")
        page.click("#start")
        until(page, "heard.poses > 0")
        page.wait_for_timeout(3000)

        hideable.hide(page)
        poses = page.evaluate("heard.poses")
        page.wait_for_timeout(AWAY)
        assert page.evaluate("heard.poses") - poses <= IN_FLIGHT
        hideable.show(page)

        page.wait_for_selector('body[data-state="done"]', timeout=WITHIN)
        found = phone_checks.decode(page.inner_text("#code"))
        assert found is not None and found.rate >= 10
        assert found.print is phone_checks.Print.FOUND
        assert page.evaluate(LIVE) == ["ended"]
