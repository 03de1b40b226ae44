"""The customer's buttons and keys, two cameras, and less motion."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import states
from tests.browser.conftest import Studio
from tests.browser.phones import DESK, RIGHT, Phones
from tests.browser.staff import focused
from tests.browser.test_every_state import FILM, PLAYS
from tests.browser.waiting import until

WITHIN = 30_000  # ms
CAMERA = """
document.querySelector('#camera').srcObject.getVideoTracks()[0].getSettings().deviceId
"""


@pytest.fixture
def found(ruled_studio: Studio, many_phones: Phones) -> Iterator[Page]:
    with many_phones.opened(size=DESK) as page:
        page.goto(ruled_studio.page(RIGHT))
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until(page, PLAYS)
        yield page


def tabbed(page: Page, count: int) -> list[str]:
    names = []
    for _ in range(count):
        page.keyboard.press("Tab")
        names.append(focused(page))
    return names


def test_by_keys_alone(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened(size=DESK) as page:
        page.goto(ruled_studio.page(RIGHT))
        page.wait_for_selector('body[data-state="ready"]')
        viewport = page.get_attribute("meta[name=viewport]", "content") or ""
        assert "user-scalable" not in viewport and "maximum-scale" not in viewport
        assert tabbed(page, 3) == ["start", "watch", "Русский"]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert focused(page) == "start"
        page.keyboard.press("Enter")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until(page, PLAYS)

        page.keyboard.press("Space")
        until(page, f"{FILM}.paused")
        page.keyboard.press("Space")
        until(page, PLAYS)
        assert tabbed(page, 6) == ["sound", "pause", "replay", "snapshot", "full", "watch"]
        page.keyboard.press("Enter")
        page.wait_for_selector('body[data-state="fallback"]')
        until(page, PLAYS)
        page.keyboard.press("Space")
        until(page, f"{FILM}.paused")


def test_full_screen_and_back(found: Page) -> None:
    found.click("#full")
    until(found, "Boolean(document.fullscreenElement)")
    assert found.is_visible("#controls") and found.is_visible("#camera")
    found.click("#full")
    until(found, "!document.fullscreenElement")


def test_the_plain_player_and_back(found: Page) -> None:
    found.click("#watch")
    found.click("#plain")
    assert found.evaluate(f"{FILM}.controls") and not found.is_visible("#photo")
    assert not found.is_visible("#pause")  # the player has its own
    found.click("#plain")
    assert found.evaluate(f"!{FILM}.controls") and found.is_visible("#photo")
    found.click("#start")
    found.wait_for_selector('body[data-state="found"]', timeout=WITHIN)


def test_the_other_camera_is_kept_for_the_visit(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened("two") as page:
        page.goto(ruled_studio.page(RIGHT))
        page.click("#start")
        page.wait_for_selector('body[data-state="scanning"]', timeout=WITHIN)
        first = page.evaluate(CAMERA)
        page.click("#turn")
        until(page, f"{CAMERA.strip()} !== {first!r}")
        second = page.evaluate(CAMERA)
        assert not page.is_visible("#torch")

        page.reload()
        page.click("#start")
        page.wait_for_selector('body[data-state="scanning"]', timeout=WITHIN)
        assert page.evaluate(CAMERA) == second


def test_a_camera_that_is_gone_is_not_insisted_on(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    with many_phones.opened() as page:
        page.goto(ruled_studio.page(RIGHT))
        page.evaluate("sessionStorage.setItem('vertex-camera', 'of-another-phone')")
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        assert not page.is_visible("#turn")  # there is one only


@pytest.mark.parametrize(("motion", "count"), [("no-preference", 1), ("reduce", 0)])
def test_nothing_moves_for_those_who_want_that(
    ruled_studio: Studio, many_phones: Phones, motion: str, count: int
) -> None:
    starting = next(case for case in states.AT_WORK if case.state == "starting")
    with starting.reached(ruled_studio, many_phones, reduced_motion=motion) as page:
        assert page.evaluate("document.getAnimations().length") == count
