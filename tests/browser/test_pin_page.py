"""The PIN, and rules that change while somebody watches, in a real browser."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from tests.browser.conftest import Studio
from tests.browser.phones import Phones
from tests.browser.ruled import ORDER, PIN
from tests.browser.test_every_state import PLAYS
from tests.browser.waiting import until
from tests.servers.browser import Browser

WITHIN = 20_000  # ms
FILM = "document.querySelector('#portrait-video')"


def enter(page: Page, pin: str) -> None:
    page.fill("#pin", pin)
    with page.expect_navigation():
        page.click("button[type=submit]")


def status(url: str) -> int:
    """For whoever knows the address alone."""
    try:
        with urlopen(Request(url, headers={"Range": "bytes=0-9"})) as answer:  # noqa: S310 - our own
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_the_right_pin_opens_this_browser_alone(ruled_studio: Studio, many_phones: Phones) -> None:
    url = ruled_studio.page("pin")
    with many_phones.opened() as page:
        page.goto(url)
        before = page.content()
        assert "Anna" not in before and ORDER not in before and "video" not in before
        page.wait_for_selector("#pin:focus")
        enter(page, "0000")
        assert page.get_attribute("#pin", "aria-invalid") == "true" and page.is_visible("#trouble")

        enter(page, f"{PIN[:2]} {PIN[2:]}")  # as it may be written on the card
        assert page.inner_text("h1") == "Anna"
        page.click("#watch")
        until(page, PLAYS)
        media = page.evaluate(f"[{FILM}.currentSrc, document.querySelector('#photo').src]")
        media.append(f"{url}/marker")
    assert [status(address) for address in media] == [403, 403, 403]
    with many_phones.opened() as another:
        another.goto(url)
        assert another.is_visible("#pin")


def test_five_wrong_ones_and_one_waits(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened() as page:
        page.goto(ruled_studio.page("pin-locked"))
        for digit in range(5):
            enter(page, f"000{digit}")
        assert page.get_attribute("body", "data-reason") == "pin-locked"
        assert "min" in page.inner_text("#trouble")

        enter(page, PIN)  # even the right one
        assert page.get_attribute("body", "data-reason") == "pin-locked"


def test_a_pause_stops_a_video_that_has_begun_and_says_so(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    olga = Browser(ruled_studio.installation.port)
    olga.sign_in()
    with many_phones.opened() as page:
        page.goto(ruled_studio.page("long"))
        page.click("#watch")
        until(page, PLAYS)
        fetched = page.evaluate(f"{FILM}.buffered.end(0)")
        assert fetched < 18  # else this shows nothing

        rules = f"/portraits/{ruled_studio.portraits['long']['portrait']}/rules"
        assert olga.post(rules, paused="y", playing="chosen") == 303
        try:
            page.evaluate(f"{FILM}.currentTime = 19")
            page.wait_for_selector('body[data-state="paused"]', timeout=WITHIN)
            assert page.is_visible("h1") and page.locator("video").count() == 0
        finally:  # the studio is that of other tests, too
            assert olga.post(rules, playing="chosen") == 303
