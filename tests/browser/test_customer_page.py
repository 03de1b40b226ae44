"""The customer's page in a real Chromium, whose camera sees real prints."""

import dataclasses
import re

import numpy as np
import pytest
from playwright.sync_api import Page, Route

from tests import clips, pictures
from tests.browser import colours, measure
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio
from tests.browser.waiting import until, until_played

FOUND_WITHIN = 20_000  # ms
GRACE = 0.4  # s, of viewer.js
SAMPLES = 120
LOOP = 120  # frames of a clip, four seconds

VGA, PHONE = (640, 480), (390, 844)


def situation(shot: str, focal: float = 520.0) -> clips.Shot:
    return dataclasses.replace(clips.STANDARD[shot], focal=focal, frames=LOOP)


STANDARD = {
    f"astronaut-{shot}": ("astronaut", situation(shot), VGA)
    for shot in ("frontal", "tilt40", "yaw40", "dim", "roll30", "small18", "slow")
} | {
    "astronaut-tilt40-420": ("astronaut", situation("tilt40", 420), VGA),
    "astronaut-tilt40-700": ("astronaut", situation("tilt40", 700), VGA),
    "astronaut-phone-portrait": ("astronaut", situation("upright"), PHONE),
    "astronaut-phone-landscape": ("astronaut", situation("frontal"), PHONE),
    "chelsea-frontal": ("chelsea", situation("frontal"), VGA),
    "coffee-frontal": ("coffee", situation("frontal"), VGA),
    "coffee-tilt40": ("coffee", situation("tilt40"), VGA),
}
FRONTAL = situation("frontal")


@pytest.fixture(scope="module", autouse=True)
def rendered() -> None:
    """All clips of this module, rendered side by side before anything is measured."""
    standard = [(picture, shot) for picture, shot, _ in STANDARD.values()]
    pictures.prepare([*standard, ("chelsea", FRONTAL), ("astronaut", "leaves")])


def start(page: Page, url: str) -> None:
    page.goto(url, wait_until="commit")
    page.click("#start")


def wait_for(page: Page, state: str, timeout: float = FOUND_WITHIN) -> None:
    page.wait_for_selector(f'body[data-state="{state}"]', timeout=timeout)


def colour_shares(page: Page) -> tuple[float, float]:
    """Inside and outside the overlay, of a screenshot during which a second may have ended."""
    for _ in range(20):
        before = measure.samples(page, 1), page.evaluate(SECOND)
        screenshot = page.screenshot()
        after = measure.samples(page, 1), page.evaluate(SECOND)
        if before[0] and after[0] and 0 <= after[1] - before[1] < 1:
            outlines = before[0][0]["screen"], after[0][0]["screen"]
            seconds = {int(before[1]), int(after[1])}
            return max(colours.shares(screenshot, second, outlines) for second in seconds)
    raise AssertionError("no screenshot was taken within one second of the video")


SECOND = "document.querySelector('#portrait-video').currentTime"


@pytest.mark.parametrize(("picture", "shot", "size"), STANDARD.values(), ids=STANDARD)
def test_the_print_comes_alive(
    studio: Studio, picture: str, shot: clips.Shot, size: tuple[int, int]
) -> None:
    clip = pictures.clip(picture, shot)
    with opened(clip, size) as page:
        witness = Witness(page, studio.installation.url)
        start(page, studio.page(picture))
        wait_for(page, "found")

        off = measure.errors(measure.samples(page, SAMPLES), clip)
        inside, outside = colour_shares(page)

        assert len(off) >= SAMPLES / 2
        assert np.median(off) <= 1 and np.percentile(off, 95) <= 2
        assert inside >= 0.95 and outside <= 0.01
        assert page.evaluate("document.querySelector('#portrait-video').muted") is False
        witness.nothing_happened()


def test_without_the_direct_path_the_fallback_finds_it(studio: Studio) -> None:
    clip = pictures.clip("astronaut", FRONTAL)
    with opened(clip) as page:
        witness = Witness(page, studio.installation.url)
        page.add_init_script("delete window.MediaStreamTrackProcessor")
        start(page, studio.page("astronaut"))
        wait_for(page, "found")

        off = measure.errors(measure.samples(page, SAMPLES), clip)

        assert np.median(off) <= 2
        witness.nothing_happened()


def test_without_a_canvas_in_the_worker_the_page_reads_the_pixels(studio: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        witness = Witness(page, studio.installation.url)
        page.add_init_script(
            "delete window.MediaStreamTrackProcessor; delete window.OffscreenCanvas"
        )
        start(page, studio.page("astronaut"))

        wait_for(page, "found")
        witness.nothing_happened()


def test_the_video_pauses_when_the_print_leaves_and_goes_on_where_it_stopped(
    studio: Studio,
) -> None:
    with opened(pictures.clip("astronaut", "leaves")) as page:
        witness = Witness(page, studio.installation.url)
        start(page, studio.page("astronaut"))
        wait_for(page, "found")
        until_played(page, 0.1)  # what is watched for is how it plays again
        page.evaluate(WATCH_VIDEO)
        wait_for(page, "lost")
        wait_for(page, "found")
        until(page, "watched.length >= 2")

        gone, stopped, resumed = page.evaluate(
            "[lastSeen, watched.find((e) => e.type === 'pause'), "
            "watched.find((e) => e.type === 'playing')]"
        )
        names = [event["name"] for event in page.evaluate("notes.events")]

        assert names[:3] == ["targetFound", "targetLost", "targetFound"]
        assert stopped["at"] - gone <= (GRACE + 0.5) * 1000
        assert abs(resumed["second"] - stopped["second"]) <= 0.3
        witness.nothing_happened()


# Notes when the print was last in the camera's frame (its clip leaves at frame 100), and what the
# video does from then on.
WATCH_VIDEO = """
() => {
  window.watched = [];
  const video = document.querySelector('#portrait-video');
  for (const type of ['pause', 'playing'])
    video.addEventListener(type, () =>
      watched.push({type, at: performance.now(), second: video.currentTime}));
  const camera = document.querySelector('#camera');
  const reader = new OffscreenCanvas(128, 16).getContext('2d', {willReadFrequently: true});
  const look = () => {
    reader.drawImage(camera, 0, 0, 128, 16, 0, 0, 128, 16);
    const row = reader.getImageData(0, 8, 128, 1).data;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) if (row[(bit * 16 + 8) * 4] > 127) number |= 1 << bit;
    if (!watched.length && number < 100) window.lastSeen = performance.now();
    requestAnimationFrame(look);
  };
  look();
}
"""


def test_a_wrong_picture_is_never_found(studio: Studio) -> None:
    with opened(pictures.clip("chelsea", FRONTAL)) as page:
        witness = Witness(page, studio.installation.url)
        start(page, studio.page("astronaut"))
        wait_for(page, "scanning")

        page.wait_for_timeout(15_000)

        assert page.evaluate("notes.events") == []
        assert page.evaluate("document.body.dataset.state") == "fallback"
        assert page.evaluate("document.body.dataset.reason") == "not-found"
        witness.nothing_happened()


@pytest.mark.parametrize(("picture", "reason"), [("flat", "flat"), ("blurred", "not_found_again")])
def test_what_cannot_be_recognised_starts_in_the_fallback(
    studio: Studio, picture: str, reason: str
) -> None:
    summary = studio.portraits[picture]
    assert summary["recognisable"] is False and summary["reason"] == reason

    with opened() as page:
        witness = Witness(page, studio.installation.url)
        page.goto(studio.page(picture))

        assert page.evaluate("document.body.dataset.state") == "fallback"
        assert page.evaluate("document.body.dataset.reason") == "not-recognisable"
        assert page.is_visible("#portrait-video") and not page.is_visible("#start")
        witness.nothing_happened()


def test_start_is_there_before_any_script(studio: Studio) -> None:
    with opened() as page:
        page.route(re.compile(r"\.js"), lambda route: route.abort())
        page.goto(studio.page("astronaut"))

        assert page.is_visible("#start") and page.is_enabled("#start")
        assert page.is_visible("#watch")
        page.click("#watch")
        page.wait_for_url("**?camera=no")
        assert page.is_visible("#portrait-video")
        assert page.get_attribute("#portrait-video", "controls") is not None


def test_all_is_under_way_before_aframe_is_there(studio: Studio) -> None:
    held: list[Route] = []
    # what a service worker fetches is not held back
    with opened(pictures.clip("astronaut", FRONTAL), service_workers="block") as page:
        page.route("**/vendor/aframe-*.js*", lambda route: held.append(route))
        start(page, studio.page("astronaut"))
        wait_for(page, "scanning")

        fetched = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        assert not page.evaluate("'AFRAME' in window")
        assert page.evaluate("document.querySelector('#camera').videoWidth") > 0
        assert any("/worker.js" in name for name in fetched)

        held[0].continue_()
        wait_for(page, "found")


def test_watching_without_the_camera_is_always_offered(studio: Studio) -> None:
    with opened(pictures.clip("chelsea", FRONTAL), PHONE) as page:
        start(page, studio.page("astronaut"))
        wait_for(page, "scanning")
        assert page.is_visible("#watch")

        page.click("#watch")

        wait_for(page, "fallback")
        until(page, "!document.querySelector('#portrait-video').paused")
        assert page.evaluate("document.body.dataset.reason") == "asked"
        assert not page.is_visible("#camera")


def test_choosing_the_video_while_the_camera_opens_leaves_it_playing(studio: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        page.add_init_script(SLOW_CAMERA)
        start(page, studio.page("astronaut"))
        wait_for(page, "starting")
        page.click("#watch")
        until(page, "!document.querySelector('#portrait-video').paused")

        until(page, "window.cameraOpened")
        page.wait_for_timeout(300)

        assert page.evaluate("document.body.dataset.state") == "fallback"
        assert page.evaluate("!document.querySelector('#portrait-video').paused")
        assert page.evaluate("opened.getTracks().every((track) => track.readyState === 'ended')")


SLOW_CAMERA = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  await new Promise((done) => setTimeout(done, 3000));
  window.opened = await open(wish);
  window.cameraOpened = true;
  return window.opened;
};
"""


def test_a_refused_camera_leads_to_the_video_with_a_word_why(studio: Studio) -> None:
    with opened() as page:  # no fake camera: there is none on this machine
        start(page, studio.page("astronaut"))

        wait_for(page, "fallback")

        assert page.evaluate("document.body.dataset.reason") in ("camera-missing", "camera-denied")
        assert page.inner_text("#status") != ""
        assert page.is_visible("#portrait-video")


def test_russian_readers_read_russian(studio: Studio) -> None:
    with opened(locale="ru-RU") as page:
        page.goto(studio.page("astronaut"))

        assert page.get_attribute("html", "lang") == "ru"
        assert "Начать" in (page.text_content("#start") or "")
        # there is no camera here, which the page finds out in its own time
        page.wait_for_selector("#start:has-text('Включить камеру')")


def test_the_page_of_an_unknown_code_says_so(studio: Studio) -> None:
    with opened() as page:
        answer = page.goto(f"{studio.installation.url}/v/0000000000")

        assert answer is not None and answer.status == 404
        assert page.inner_text("h1") != ""
