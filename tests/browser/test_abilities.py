"""What only real phones have, stood in for at the browser's doors: sharing, a torch, silence."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Download, Page

from tests.browser.conftest import Studio
from tests.browser.phones import PHONE, RIGHT, Phones
from tests.browser.test_every_state import FILM, PLAYS
from tests.browser.waiting import until, until_played

WITHIN = 30_000  # ms

# The phone's list of apps: `answer` is what becomes of it.
SHARING = """
notes.shared = [];
navigator.canShare = ({files}) => files.every(({type}) => type === 'image/jpeg');
navigator.share = async ({files}) => {
  notes.shared.push(...files.map(({name, type, size}) => ({name, type, size})));
  if (%r) throw new DOMException('', %r);
};
"""
TORCH = """
notes.lights = [];
const own = MediaStreamTrack.prototype;
const able = own.getCapabilities;
own.getCapabilities = function () { return {...able.call(this), torch: true}; };
own.applyConstraints = async (wish) => {
  if (notes.broken) throw new DOMException('', 'OverconstrainedError');
  notes.lights.push(wish);
};
"""
ASKED = """
notes.asked = [];
const ask = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wish) {
  notes.asked.push(wish);
  return ask.call(this, wish);
};
"""
# Some phones let nothing sound that no finger has touched just now.
SILENT = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const refused = this.id === 'portrait-video' && !this.muted && this.src && !notes.soundAllowed;
  return refused ? Promise.reject(new DOMException('', 'NotAllowedError')) : play.call(this);
};
"""


@contextmanager
def found(studio: Studio, phones: Phones, script: str) -> Iterator[Page]:
    """A page of a browser altered by the script, while the video plays on the print."""
    with phones.opened(size=PHONE) as page:
        page.add_init_script(script)
        page.goto(studio.page(RIGHT))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until(page, PLAYS)
        yield page


class TestSharing:
    def test_hands_the_picture_to_the_apps_of_the_phone(
        self, ruled_studio: Studio, many_phones: Phones
    ) -> None:
        with found(ruled_studio, many_phones, SHARING % ("", "")) as page:
            saved: list[Download] = []
            page.on("download", lambda download: saved.append(download))
            page.click("#snapshot")
            until(page, "document.querySelector('#status').textContent.includes('passed on')")
            [shared] = page.evaluate("notes.shared")

        assert (shared["name"], shared["type"]) == ("vertex.jpg", "image/jpeg")
        assert shared["size"] > 10_000
        assert saved == []

    def test_that_is_called_off_saves_nothing_and_says_nothing(
        self, ruled_studio: Studio, many_phones: Phones
    ) -> None:
        with found(ruled_studio, many_phones, SHARING % ("AbortError", "AbortError")) as page:
            saved: list[Download] = []
            page.on("download", lambda download: saved.append(download))
            words = page.text_content("#status")
            page.click("#snapshot")
            until(page, "notes.shared.length === 1")
            page.wait_for_timeout(500)  # in which it would be saved

            assert page.text_content("#status") == words
        assert saved == []

    def test_that_fails_saves_it_instead(self, ruled_studio: Studio, many_phones: Phones) -> None:
        refused = SHARING % ("NotAllowedError", "NotAllowedError")
        with found(ruled_studio, many_phones, refused) as page:
            with page.expect_download() as saving:
                page.click("#snapshot")

            assert saving.value.suggested_filename == "vertex.jpg"
            until(page, "document.querySelector('#status').textContent.includes('was saved')")
            assert len(page.evaluate("notes.shared")) == 1


class TestTorch:
    def test_is_switched_on_and_off(self, ruled_studio: Studio, many_phones: Phones) -> None:
        with found(ruled_studio, many_phones, TORCH) as page:
            page.click("#torch")
            page.wait_for_selector('#torch[aria-pressed="true"]')
            page.click("#torch")
            page.wait_for_selector('#torch[aria-pressed="false"]')

            on, off = page.evaluate("notes.lights")
        assert on == {"advanced": [{"torch": True}]}
        assert off == {"advanced": [{"torch": False}]}

    def test_that_does_not_work_is_offered_no_more(
        self, ruled_studio: Studio, many_phones: Phones
    ) -> None:
        with found(ruled_studio, many_phones, TORCH) as page:
            page.evaluate("notes.broken = true")
            page.click("#torch")
            page.wait_for_selector("#torch", state="hidden")

            assert page.evaluate("notes.lights") == []


def test_the_rear_camera_is_asked_for_in_a_sensible_size(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    with found(ruled_studio, many_phones, ASKED) as page:
        asked = page.evaluate("notes.asked")

    video = {"facingMode": "environment", "width": {"ideal": 1280}}
    assert asked == [{"audio": False, "video": video}]


@pytest.mark.parametrize("way", ["print", "photo"])
def test_a_phone_that_refuses_sound_shows_the_film_in_silence_until_a_tap(
    ruled_studio: Studio, many_phones: Phones, way: str
) -> None:
    with many_phones.opened(size=PHONE) as page:
        page.add_init_script(SILENT)
        page.goto(ruled_studio.page(RIGHT))
        page.click("#start" if way == "print" else "#watch")
        state = "found" if way == "print" else "fallback"
        page.wait_for_selector(f'body[data-state="{state}"]', timeout=WITHIN)
        until(page, PLAYS)
        assert page.evaluate(f"{FILM}.muted")
        assert page.inner_text("#sound") == "Sound on"

        page.evaluate("notes.soundAllowed = true")
        page.click("#sound")

        assert page.inner_text("#sound") == "Sound off"
        assert not page.evaluate(f"{FILM}.muted || {FILM}.paused")
        until_played(page, page.evaluate(f"{FILM}.currentTime") + 0.2)
