"""The page keeps the camera's pace, by the benchmark's own probe: counts and ratios, no times."""

import dataclasses
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, sync_playwright

from benchmarks.recogniser import chromium as throttled
from benchmarks.recogniser.burdens import quarter_speed
from benchmarks.recogniser.chromium import PROBE
from tests import clips, pictures
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio

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


# what the Worker last said of its effort, and how many frames it has answered
HEED = """
window.heard = {effort: null, frames: 0};
window.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    this.addEventListener('message', ({data}) => {
      if (data.type !== 'pose') return;
      heard.effort = data.effort;
      heard.frames++;
    });
  }
};
"""


def test_a_slow_phone_searches_less_and_more_again_when_it_has_time(studio: Studio) -> None:
    stranger = pictures.clip("chelsea", dataclasses.replace(FOLLOWED, frames=60))
    with (
        sync_playwright() as playwright,
        throttled.opened(playwright, stranger, (640, 480)) as (page, profile),
    ):
        page.add_init_script(HEED)
        page.goto(studio.page("astronaut"))
        page.wait_for_selector('body[data-state="scanning"]', timeout=FOUND_WITHIN)

        with quarter_speed(profile):
            slow = effort_after(page, lambda effort: effort == 2)
        quick = effort_after(page, lambda effort: effort < 2)

        assert (slow, quick < 2) == (2, True)


def effort_after(page: Page, reached: Callable[[int], bool]) -> int:
    """The Worker's effort as soon as it is as wanted, or after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        effort = page.evaluate("heard.effort")
        if effort is not None and reached(effort):
            break
        page.wait_for_timeout(200)
    return int(page.evaluate("heard.effort"))
