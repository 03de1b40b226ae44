"""Every state of the customer's page is of use to everybody: axe-core, narrow, with large text."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import states
from tests.browser.axe import judge
from tests.browser.conftest import Studio
from tests.browser.phones import DESK, PHONE, Phones

NARROW, LYING = (360, 640), (740, 360)
LEAST = 44  # px of whatever is to be tapped
ALL = [
    *states.AT_WORK, *states.FALLBACKS, *states.CLOSED, *states.WRONG_PINS, *states.LOOKS,
    states.IN_APPS["telegram", "ios"], states.IN_APPS["telegram", "android"],
]  # fmt: skip
MOVING = {"scanning", "found", "lost", "ended"}  # the camera's picture fills the screen

LETTERS = "(size) => void (document.documentElement.style.fontSize = size)"
TOO_WIDE = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# What can be tapped and is too small, and what of all that lies outside the screen's sides.
SMALL_OR_OUTSIDE = """
(least) => [...document.querySelectorAll('button, a, input, h1, #status, #tip, p')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}))
  .map((e) => ({e, box: e.getBoundingClientRect(), tapped: e.matches('button, a, input')}))
  .filter(({box}) => box.width > 1)
  .filter(({box, tapped}) => (tapped && Math.min(box.width, box.height) < least)
    || box.left < -0.5 || box.right > innerWidth + 0.5)
  .map(({e, box}) => `${e.id || e.outerHTML.slice(0, 60)} ${JSON.stringify(box)}`)
"""


@pytest.fixture(scope="module", params=ALL, ids=[f"{n}-{case.name}" for n, case in enumerate(ALL)])
def shown(
    request: pytest.FixtureRequest, ruled_studio: Studio, many_phones: Phones
) -> Iterator[tuple[states.Case, Page]]:
    """A phone in each of the states, for all tests of it."""
    case: states.Case = request.param
    with case.reached(ruled_studio, many_phones) as page:
        yield case, page


def still(case: states.Case, page: Page) -> None:
    """The page is where it was, and has not gone on meanwhile."""
    now = page.evaluate("document.body.dataset.state")
    assert now == case.state or {now, case.state} <= MOVING


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(50)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_serious(
    shown: tuple[states.Case, Page], axe: str, size: tuple[int, int], colours: Any
) -> None:
    case, page = shown
    page.emulate_media(color_scheme=colours)
    resize(page, size)

    assert judge(page, axe) == []
    still(case, page)


@pytest.mark.parametrize("size", [NARROW, LYING], ids=["narrow", "lying"])
@pytest.mark.parametrize("large", [False, True], ids=["as-it-is", "large-text"])
def test_nothing_is_too_small_or_cut_off(
    shown: tuple[states.Case, Page], size: tuple[int, int], large: bool
) -> None:
    case, page = shown
    resize(page, size)
    page.evaluate(LETTERS, "200%" if large else "")
    page.wait_for_timeout(50)

    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(SMALL_OR_OUTSIDE, LEAST) == []
    if case.state in MOVING:
        controls = page.locator("#controls").bounding_box()
        assert controls and controls["height"] <= size[1] / 2  # the rest is for the picture
    still(case, page)
