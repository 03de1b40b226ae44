"""While the video plays: its buttons, a snapshot, its end, and the camera behind it."""

import dataclasses
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio
from tests.browser.waiting import until, until_played

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
CLIP = "astronaut"
VIDEO = "document.querySelector('#portrait-video')"


@pytest.fixture(scope="module", autouse=True)
def rendered() -> None:
    pictures.prepare([("astronaut", FRONTAL), ("chelsea", FRONTAL)])


def state_of(page: Page, reason: str, state: str = "fallback") -> None:
    page.wait_for_selector(f'body[data-state="{state}"][data-reason="{reason}"]', timeout=WITHIN)


def plays_on_the_photo(page: Page) -> None:
    """The video plays where the photograph is, in its shape; by itself or by one tap."""
    if page.is_visible("#play"):
        page.click("#play")
    until(page, f"{VIDEO}.currentTime > 0.2 && !{VIDEO}.paused")
    photo, video = (page.locator(name).bounding_box() for name in ("#photo", "#portrait-video"))
    assert photo and video
    assert all(abs(photo[side] - video[side]) <= 1 for side in ("x", "y", "width", "height"))


def test_after_eight_seconds_the_video_plays_and_the_camera_goes_on_looking(
    studio: Studio,
) -> None:
    with opened(pictures.clip("chelsea", FRONTAL), (390, 844)) as page:
        witness = Witness(page, studio.installation.url)
        page.goto(studio.page(CLIP))
        page.click("#start")
        page.wait_for_selector('body[data-state="scanning"]', timeout=WITHIN)
        began = page.evaluate("performance.now()")
        page.wait_for_selector("#tip:not([hidden])")
        assert page.inner_text("#tip") != "" and page.is_visible("#ghost")
        state_of(page, "not-found")

        assert page.evaluate("performance.now()") - began > 7000
        plays_on_the_photo(page)
        cameras = "document.querySelector('#camera').srcObject.getTracks()"
        assert page.evaluate(f"{cameras}.every((track) => track.readyState === 'live')")
        witness.nothing_happened()


@pytest.fixture
def found(studio: Studio) -> Iterator[Page]:
    with opened(pictures.clip(CLIP, FRONTAL), (390, 844)) as page:
        page.goto(studio.page(CLIP))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until_played(page, 0.2)
        yield page


def test_the_buttons_do_what_they_say(found: Page) -> None:
    page = found
    page.click("#pause")
    assert page.evaluate(f"{VIDEO}.paused")
    page.keyboard.press("Tab")
    page.click("#pause")
    until(page, f"!{VIDEO}.paused")
    page.click("#replay")
    assert page.evaluate(f"{VIDEO}.currentTime") < 1
    before = page.evaluate(f"{VIDEO}.muted")
    if page.is_visible("#sound"):
        page.click("#sound")
        assert page.evaluate(f"{VIDEO}.muted") is not before
    assert not page.is_visible("#torch") and not page.is_visible("#turn")
    sizes = page.eval_on_selector_all(
        "#controls button, #controls a",
        "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect())"
        ".map(({width, height}) => [width, height])",
    )
    assert sizes and all(min(size) >= 44 for size in sizes)
    assert page.text_content("#status")  # for those who cannot see it


def test_a_snapshot_holds_the_video_on_the_print(found: Page) -> None:
    with found.expect_download() as saving:
        found.click("#snapshot")
    path = saving.value.path()

    with Image.open(path) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (390, 844)
        red, green, blue = picture.convert("RGB").getpixel((195, 400))  # type: ignore[misc]
    assert max(red, green, blue) - min(red, green, blue) > 90  # one of the film's plain colours


def test_a_video_that_does_not_loop_ends_with_a_way_on(found: Page) -> None:
    found.evaluate(f"{VIDEO}.loop = false; {VIDEO}.currentTime = {VIDEO}.duration - 0.5")
    found.wait_for_selector('body[data-state="ended"]', timeout=WITHIN)

    assert found.is_visible("#again")
    found.click("#again")
    found.wait_for_selector('body[data-state="found"]')
    until(found, f"!{VIDEO}.paused")


def test_a_video_that_loops_begins_again_and_stays_found(found: Page) -> None:
    assert found.evaluate(f"{VIDEO}.loop")
    found.evaluate(
        f"document.body.dataset.ends = 0; {VIDEO}.onended = () => document.body.dataset.ends++;"
        f"{VIDEO}.currentTime = {VIDEO}.duration - 0.5"
    )
    until(found, f"{VIDEO}.currentTime > 4")
    until(found, f"{VIDEO}.currentTime < 4 && !{VIDEO}.paused")

    assert found.get_attribute("body", "data-state") == "found"
    assert found.get_attribute("body", "data-ends") == "0"
    until_played(found, 0.3)
