"""The page keeps the camera's pace, by the benchmark's own probe: counts and ratios, no times."""

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.recogniser import chromium as throttled
from benchmarks.recogniser.burdens import slowed
from benchmarks.recogniser.chromium import PROBE
from tests import clips, pictures
from tests.browser import ways
from tests.browser.chromium import Witness, driver, opened
from tests.browser.conftest import Studio
from tests.browser.phones import frames_of
from tests.browser.waiting import until

FOUND_WITHIN = 20_000  # ms
FOR = 3_000  # ms
FOLLOWED = dataclasses.replace(clips.STANDARD["slow"], frames=120)


@pytest.fixture(scope="module", autouse=True)
def rendered() -> None:
    """The clip, before anything is measured."""
    pictures.clip("astronaut", FOLLOWED)


def test_there_is_a_position_for_nearly_every_camera_frame(studio: Studio) -> None:
    with opened(pictures.clip("astronaut", FOLLOWED)) as page:
        witness = Witness(page, studio.installation.url)
        page.add_init_script(path=PROBE)  # it taps Start
        page.goto(studio.page("astronaut"), wait_until="commit")
        page.wait_for_selector('body[data-state="found"]', timeout=FOUND_WITHIN)

        counted = page.evaluate("(ms) => bench.count(ms)", FOR)

        assert counted["camera"] > 0
        assert counted["positions"] >= 0.8 * counted["camera"]
        assert page.evaluate("bench.lost") == 0
        witness.nothing_happened()


# what the Worker last said of its effort, and how long the last frames took it
HEED = """
window.heard = {effort: null, ms: []};
window.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    this.addEventListener('message', ({data}) => {
      if (data.type !== 'pose') return;
      heard.effort = data.effort;
      heard.ms = [...heard.ms.slice(-59), data.ms];
    });
  }
};
"""
LEAST = 2  # effort
AFFORDABLE = 28  # ms of a search, of worker.js: less than from one camera frame to the next
SETTLED = 8_000  # ms, at the most, until the effort fits the phone


@contextmanager
def searching(studio: Studio) -> Iterator[tuple[Page, Path]]:
    """A page that looks for a print which is not there, and its browser's profile."""
    stranger = pictures.clip("chelsea", dataclasses.replace(FOLLOWED, frames=60))
    with throttled.opened(driver(), stranger, (640, 480)) as (page, profile):
        page.add_init_script(HEED)
        page.goto(studio.page("astronaut"))
        page.wait_for_selector('body[data-state="scanning"]', timeout=FOUND_WITHIN)
        yield page, profile


@pytest.mark.parametrize("times", [4, 6])
def test_the_effort_fits_a_phone_that_is_slower(studio: Studio, times: int) -> None:
    with searching(studio) as (page, profile), slowed(profile, times):
        page.wait_for_timeout(SETTLED)
        page.evaluate("heard.ms = []")
        page.wait_for_timeout(FOR)
        effort, ms = page.evaluate("[heard.effort, heard.ms]")

    assert ms
    assert effort == LEAST or sorted(ms)[len(ms) // 2] < 1.5 * AFFORDABLE


def test_a_slow_phone_searches_less_and_more_again_when_it_has_time(studio: Studio) -> None:
    with searching(studio) as (page, profile):
        with slowed(profile, 20):
            slow = effort_after(page, lambda effort: effort == LEAST)
        quick = effort_after(page, lambda effort: effort < LEAST)

    assert slow == LEAST
    assert quick < LEAST


def effort_after(page: Page, reached: Callable[[int], bool]) -> int:
    """The Worker's effort as soon as it is as wanted, or after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        effort = page.evaluate("heard.effort")
        if effort is not None and reached(effort):
            break
        page.wait_for_timeout(200)
    return int(page.evaluate("heard.effort"))


# Of each pose and of each camera frame, when it came; and when the page wished for another pace.
COUNT = """
window.counted = {poses: [], frames: [], pace: []};
window.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    this.addEventListener('message', ({data}) => {
      if (data.type === 'pose') counted.poses.push(performance.now());
    });
  }
  postMessage(message, transfer) {
    if (message.type === 'pace') counted.pace.push([message.every, performance.now()]);
    super.postMessage(message, transfer);
  }
};
addEventListener('DOMContentLoaded', () => {
  const camera = document.querySelector('#camera');
  const note = (now, {presentedFrames}) => {
    counted.frames.push([performance.now(), presentedFrames]);
    camera.requestVideoFrameCallback(note);
  };
  camera?.requestVideoFrameCallback(note);
});
"""
STILL, MOVING = 9, 6  # s


@pytest.fixture(scope="module")
def still_then_moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A print that lies still for a while, then moves."""
    frames = frames_of(pictures.clip("astronaut", FOLLOWED))
    path = tmp_path_factory.mktemp("still") / "still.mjpeg"
    with path.open("wb") as film:
        film.write(frames[0] * STILL * clips.FPS)
        for number in range(MOVING * clips.FPS):
            film.write(frames[number % len(frames)])
    return path


def looks_a_frame(page: Page, begin: float, end: float) -> float:
    """How many poses there were for each frame of the camera, between two times."""
    counted = page.evaluate("counted")
    poses = sum(begin < at < end for at in counted["poses"])
    frames = [number for at, number in counted["frames"] if begin < at < end]
    return float(poses / (frames[-1] - frames[0]))


@pytest.mark.parametrize("script", ["", ways.WITHOUT_DIRECT_PATH], ids=["direct", "pump"])
def test_it_looks_less_often_while_nothing_moves(
    studio: Studio, still_then_moving: Path, script: str
) -> None:
    with opened(still_then_moving) as page:
        page.add_init_script(COUNT + script)
        page.goto(studio.page("astronaut"))
        page.click("#start")
        until(page, "counted.pace.some(([every]) => every === 2)")
        until(page, "counted.pace.at(-1)[0] === 1 && counted.pace.length > 1")
        page.wait_for_timeout(2000)
        wished = page.evaluate("counted.pace")
        (_, begin), (_, end) = next(pair for pair in itertools.pairwise(wished) if pair[0][0] == 2)
        slow = looks_a_frame(page, begin + 200, end)
        quick = looks_a_frame(page, end + 200, end + 2000)

    assert slow < 0.62
    assert quick > 1.25 * slow


def test_nothing_is_drawn_while_the_video_plays_without_the_camera(studio: Studio) -> None:
    drawn = "document.querySelector('a-scene').renderer.info.render.frame"
    with opened(pictures.clip("astronaut", FOLLOWED)) as page:
        page.goto(studio.page("astronaut"))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=FOUND_WITHIN)
        page.click("#watch")
        page.wait_for_selector('body[data-state="fallback"]')
        page.wait_for_timeout(500)
        before = page.evaluate(drawn)
        page.wait_for_timeout(1500)
        assert page.evaluate(drawn) == before

        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=FOUND_WITHIN)
        until(page, f"{drawn} > {before}")
