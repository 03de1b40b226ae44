"""A phone checks itself: from the tap to the code that is read out."""

import dataclasses
from pathlib import Path as File
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page

from tests import clips
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio
from vertex.services import phone_checks
from vertex.services.phone_checks import Camera, Engine, Path, PhoneCheck, Print, Speed, System

DONE = 40_000  # ms


@pytest.fixture(scope="module")
def sample_clip(tmp_path_factory: pytest.TempPathFactory) -> File:
    """A camera that sees the sample portrait."""
    data = np.frombuffer(phone_checks.sample(), np.uint8)
    portrait = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    shot = dataclasses.replace(clips.STANDARD["frontal"], frames=30)
    return clips.write(portrait, shot, tmp_path_factory.mktemp("sample"), "sample")


def check_through(page: Page, url: str) -> PhoneCheck:
    page.goto(f"{url}/v/check")
    page.click("#start")
    page.wait_for_selector('body[data-state="done"]', timeout=DONE)
    found = phone_checks.decode(page.inner_text("#code"))
    assert found is not None
    return found


def test_a_phone_that_can_do_all_says_so(studio: Studio, sample_clip: File) -> None:
    url = studio.installation.url
    with opened(sample_clip, (390, 844)) as page:
        witness = Witness(page, url)

        found = check_through(page, url)

        assert (found.engine, found.system) == (Engine.CHROMIUM, System.OTHER)
        assert found.secure and found.wasm and found.simd and found.webgl
        assert (found.camera, found.size) == (Camera.OPEN, 10)
        assert found.path is Path.WINDOW_STREAM
        assert found.print is Print.FOUND
        assert found.rate > 0 and found.speed is not Speed.UNKNOWN
        marks = page.eval_on_selector_all("#steps li", "(all) => all.map((li) => li.dataset.mark)")
        assert len(marks) == 9 and not {"running", "bad", None} & set(marks)
        witness.nothing_happened()


def test_without_a_camera_the_code_says_why(studio: Studio) -> None:
    with opened(None, (390, 844)) as page:
        found = check_through(page, studio.installation.url)

        assert found.camera in (Camera.MISSING, Camera.DENIED)
        assert found.print is Print.NOT_TRIED and found.path is Path.NONE
        assert page.get_attribute("#step-camera", "data-mark") == "bad"


def test_who_has_no_other_screen_may_finish(studio: Studio) -> None:
    with opened(None) as page:
        page.add_init_script(EMPTY_CAMERA)
        page.goto(f"{studio.installation.url}/v/check")
        page.click("#start")
        page.click("#finish")

        page.wait_for_selector('body[data-state="done"]', timeout=DONE)

        found = phone_checks.decode(page.inner_text("#code"))
        assert found is not None and found.print is Print.NOT_FOUND


EMPTY_CAMERA = """
const canvas = document.createElement('canvas');
Object.assign(canvas, {width: 320, height: 240});
const pencil = canvas.getContext('2d');
setInterval(() => pencil.fillRect(0, 0, 320, 240), 33);
MediaDevices.prototype.getUserMedia = async () => canvas.captureStream();
"""

ENCODE = """
async (results) => (await import('/static/ar/check-code.js')).encode(results)
"""


def test_the_page_writes_codes_that_the_studio_reads(studio: Studio) -> None:
    checks = [some_check(number) for number in range(40)]
    with opened() as page:
        page.goto(f"{studio.installation.url}/v/check")

        written = [page.evaluate(ENCODE, in_javascript(check)) for check in checks]

    assert [phone_checks.decode(code) for code in written] == checks


def some_check(number: int) -> PhoneCheck:
    """Results drawn by lot, the same for the same number."""
    lots = np.random.default_rng(number)

    def draw(below: int) -> int:
        return int(lots.integers(below))

    return PhoneCheck(
        system=System(draw(3)),
        engine=Engine(draw(4)),
        secure=bool(draw(2)),
        wasm=bool(draw(2)),
        simd=bool(draw(2)),
        webgl=bool(draw(2)),
        camera=Camera(draw(5)),
        path=Path(draw(7)),
        speed=Speed(draw(4)),
        search_ms=draw(128),
        rate=draw(64),
        print=Print(draw(3)),
        size=draw(64),
    )


def in_javascript(check: PhoneCheck) -> dict[str, Any]:
    """The results under the names of the page."""
    numbers = {name: int(value) for name, value in dataclasses.asdict(check).items()}
    return {"searchMs": numbers.pop("search_ms"), **numbers}
