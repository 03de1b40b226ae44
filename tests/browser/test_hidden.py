"""A hidden page rests, and goes on by itself when it is seen again."""

import pytest
from playwright.sync_api import Page

from tests import pictures
from tests.browser import hideable
from tests.browser.conftest import Studio
from tests.browser.ways import WITHOUT_DIRECT_PATH

COUNTER = """
window.poses = 0;
const Plain = Worker;
window.Worker = class extends Plain {
  constructor(...all) {
    super(...all);
    this.addEventListener('message', ({data}) => data.type === 'pose' && poses++);
  }
};
const open = MediaDevices.prototype.getUserMedia;
window.opened = [];
MediaDevices.prototype.getUserMedia = async function (wanted) {
  const stream = await open.call(this, wanted);
  opened.push(stream);
  return stream;
};
"""
IN_FLIGHT = 2  # poses that may come after the page was hidden


def begin(page: Page, studio: Studio, script: str = "") -> None:
    """Open a portrait's page and wait until the video plays on the print."""
    page.add_init_script(script + COUNTER)
    page.goto(studio.page("astronaut"))
    page.click("#start")
    page.wait_for_selector("body[data-state=found]")
    wait_until(page, "!document.querySelector('#portrait-video').paused")


def wait_until(page: Page, condition: str, seconds: float = 10) -> None:
    """Wait until an expression is true; the policy of the page forbids Playwright's own way."""
    for _ in range(round(seconds * 20)):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {condition}")


def poses(page: Page) -> int:
    """How many the Worker has sent so far."""
    count: int = page.evaluate("poses")
    return count


@pytest.mark.parametrize("script", ["", WITHOUT_DIRECT_PATH], ids=["direct", "fallback"])
def test_it_rests_and_goes_on(studio: Studio, script: str) -> None:
    with hideable.opened(pictures.clip("astronaut", "frontal")) as page:
        begin(page, studio, script)
        hideable.hide(page)
        before = poses(page)
        page.wait_for_timeout(1500)

        assert poses(page) - before <= IN_FLIGHT
        assert page.evaluate("document.querySelector('#portrait-video').paused")
        assert page.evaluate("document.querySelector('#camera').paused")

        hideable.show(page)
        page.wait_for_selector("body[data-state=found]")
        wait_until(page, "!document.querySelector('#portrait-video').paused")
        wait_until(page, f"poses > {before + 10}")
        assert page.evaluate("opened.length") == 1, "the camera was kept"


def end_camera(page: Page) -> None:
    """Take the camera away, as the phone's system does."""
    page.evaluate(
        """() => {
          const [track] = opened.at(-1).getVideoTracks();
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }"""
    )


@pytest.mark.parametrize("hidden", [True, False])
def test_a_camera_that_was_taken_away_is_opened_again(studio: Studio, hidden: bool) -> None:
    with hideable.opened(pictures.clip("astronaut", "frontal")) as page:
        begin(page, studio)
        if hidden:
            hideable.hide(page)
        end_camera(page)
        if hidden:
            page.wait_for_timeout(500)
            assert page.evaluate("opened.length") == 1, "not while nobody looks"
            hideable.show(page)

        wait_until(page, "opened.length === 2")
        page.wait_for_selector("body[data-state=found]")
        wait_until(page, "!document.querySelector('#portrait-video').paused")


def test_a_camera_that_does_not_come_back_leaves_the_video(studio: Studio) -> None:
    refuse = "async () => { throw new DOMException('', 'NotReadableError'); }"
    with hideable.opened(pictures.clip("astronaut", "frontal")) as page:
        begin(page, studio)
        page.evaluate(f"() => {{ MediaDevices.prototype.getUserMedia = {refuse}; }}")
        end_camera(page)

        page.wait_for_selector("body[data-state=fallback][data-reason=camera-busy]")
        assert page.get_attribute("#portrait-video", "controls") is not None
