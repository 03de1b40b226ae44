"""A camera that is slow, silent, taken away or refused never leaves a page that waits for ever."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Studio
from tests.browser.phones import PHONE, RIGHT, WRONG, Phones
from tests.browser.waiting import until

WITHIN = 30_000  # ms
FILM = "document.querySelector('#portrait-video')"
PLAYS = f"!{FILM}.paused && {FILM}.currentTime > 0.2"

# Keeps the states the page goes through and the camera's streams; `notes.answer` alters the answer
# to a wish for a camera.
HEED = """
notes.states = [];
document.addEventListener('DOMContentLoaded', () =>
  new MutationObserver(() => notes.states.push(document.body.dataset.state))
    .observe(document.body, {attributeFilter: ['data-state']}));
notes.streams = [];
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wish) {
  const stream = await (notes.answer ?? ((own) => own()))(() => open.call(this, wish), wish);
  notes.streams.push(stream);
  return stream;
};
notes.end = (stream) => {
  const [track] = stream.getTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
};
"""
LIVE = "notes.streams.map((stream) => stream.getTracks()[0].readyState)"


def begin(page: Page, studio: Studio, script: str = "") -> None:
    page.add_init_script(HEED + script)
    page.goto(studio.page(RIGHT))
    page.click("#start")


def wait_for(page: Page, state: str, reason: str = "") -> None:
    named = f'[data-reason="{reason}"]' if reason else ""
    page.wait_for_selector(f'body[data-state="{state}"]{named}', timeout=WITHIN)


def without_camera(page: Page) -> None:
    """The video plays, by itself or by one tap, and it is said why."""
    wait_for(page, "fallback", "camera-busy")
    if page.is_visible("#play"):
        page.click("#play")
    until(page, PLAYS)
    assert "camera" in page.inner_text("#status").lower()


# The camera's picture comes to the screen long after the recogniser has seen the first of it.
LATE = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = async function () {
  await play.call(this);
  if (this.id === 'camera') await new Promise((done) => setTimeout(done, 2000));
};
"""


def test_what_is_seen_before_the_screen_shows_it_comes_alive_when_it_does(
    studio: Studio, many_phones: Phones
) -> None:
    with many_phones.opened(size=PHONE) as page:
        begin(page, studio, LATE)

        wait_for(page, "found")
        until(page, PLAYS)
        page.wait_for_timeout(1000)
        assert page.evaluate("notes.states")[-3:] == ["starting", "scanning", "found"]
        assert page.evaluate(LIVE) == ["live"]


# A camera that is given and sends nothing.
SILENT = """
notes.answer = () => new MediaStream([new MediaStreamTrackGenerator({kind: 'video'})]);
"""


def test_a_camera_without_a_picture_leads_to_the_video(studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened(size=PHONE) as page:
        begin(page, studio, SILENT)

        without_camera(page)
        assert page.evaluate(LIVE) == ["ended"]

        page.evaluate("notes.answer = undefined")
        page.click("#start")
        wait_for(page, "found")
        until(page, PLAYS)


# A camera that is given when `notes.go` is called.
NEVER = """() => {
  notes.answer = async (own) => {
    await new Promise((go) => (notes.go = go));
    return own();
  };
}"""


@pytest.mark.parametrize("meanwhile", ["nothing", "it comes after all"])
def test_a_camera_that_is_not_given_again_leads_to_the_video(
    studio: Studio, many_phones: Phones, meanwhile: str
) -> None:
    with many_phones.opened(size=PHONE) as page:
        begin(page, studio)
        wait_for(page, "found")

        page.evaluate(NEVER)
        page.evaluate("notes.end(notes.streams[0])")
        without_camera(page)

        page.evaluate("notes.answer = undefined")
        if meanwhile == "nothing":
            page.click("#start")
            wait_for(page, "found")
            until(page, PLAYS)
            assert page.evaluate(LIVE) == ["ended", "live"]
        else:
            page.evaluate("notes.go()")
            until(page, "notes.streams.length === 2")
            until(page, f"{LIVE}.every((state) => state === 'ended')")
            assert page.evaluate(PLAYS)


def test_a_camera_that_ends_again_and_again_is_given_up(
    studio: Studio, many_phones: Phones
) -> None:
    with many_phones.opened(size=PHONE) as page:
        begin(page, studio)
        wait_for(page, "found")

        page.evaluate("""() => {
          notes.answer = async (own) => {
            const stream = await own();
            setTimeout(notes.end, 300, stream);
            return stream;
          };
          notes.end(notes.streams[0]);
        }""")
        without_camera(page)
        assert page.evaluate(LIVE) == ["ended", "ended"]


def test_of_two_cameras_the_one_that_works_is_kept(studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened("two", PHONE) as page:
        begin(page, studio)
        wait_for(page, "scanning")
        page.wait_for_selector("#turn:not([hidden])")
        camera = "notes.streams.at(-1).getTracks()[0].getSettings().deviceId"
        first = page.evaluate(camera)

        page.evaluate(
            """(first) => {
          notes.answer = (own, {video}) => {
            if (video.deviceId?.exact === first) return own();
            throw new DOMException('', 'NotReadableError');
          };
        }""",
            first,
        )
        page.click("#turn")

        until(page, "notes.streams.length === 2")
        until(page, "!document.querySelector('#camera').paused")
        page.wait_for_timeout(1000)
        assert page.evaluate(camera) == first
        assert page.evaluate(LIVE) == ["ended", "live"]
        assert page.evaluate("document.querySelector('#camera').srcObject === notes.streams[1]")
        assert page.evaluate("document.body.dataset.state") in ("scanning", "lost")


# The camera opens when the film has been missed.
MISSED = """
notes.missed = new Promise((done) => document.addEventListener('error', (event) => {
  if (event.target.id === 'portrait-video') setTimeout(done, 200);
}, true));
"""
SLOW = MISSED + "notes.answer = async (open) => (await notes.missed, open());"


def test_a_film_that_fails_before_it_is_wanted_is_asked_for_again(
    studio: Studio, many_phones: Phones
) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    with many_phones.opened() as page:
        page.route("**/video/**", refuse_once)
        begin(page, studio, SLOW)

        wait_for(page, "found")
        until(page, PLAYS)

        assert refused
        assert "error" not in page.evaluate("notes.states")


def test_a_film_that_fails_is_not_asked_for_until_it_is_wanted(
    studio: Studio, many_phones: Phones
) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    with many_phones.opened(WRONG) as page:
        page.route("**/video/**", refuse)
        begin(page, studio, SLOW)
        wait_for(page, "scanning")
        page.wait_for_timeout(2000)

        assert page.get_attribute("body", "data-state") == "scanning"
        assert len(asked) == 1
        wait_for(page, "error", "video")
