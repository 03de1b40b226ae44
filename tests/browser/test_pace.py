"""The page keeps the camera's pace, by the benchmark's own probe: counts and ratios, no times."""

import dataclasses

import pytest

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
