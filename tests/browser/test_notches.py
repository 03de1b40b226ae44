"""Screens with a notch and a bar at the bottom: what is to be read or tapped lies between them."""

import pytest
from playwright.sync_api import Page

from tests.browser import states
from tests.browser.conftest import Studio
from tests.browser.phones import PHONE, Phones
from tests.browser.test_accessible import MOVING, resize

UPRIGHT = {"top": 47, "right": 0, "bottom": 34, "left": 0}
LYING = {"top": 0, "right": 47, "bottom": 21, "left": 47}
CASES = [
    case
    for case in (*states.AT_WORK, *states.FALLBACKS, *states.CLOSED, *states.LOOKS)
    if case.name in {
        "ready", "scanning", "found", "ended", "found-album", "found-captions", "fallback-asked",
        "fallback-camera-missing", "pin-pin-needed",
    }
]  # fmt: skip

# What lies under the notch or the bar, where the page is scrolled to now.
UNDER = """
([{top, right, bottom, left}, upper, lower]) =>
  [...document.querySelectorAll('button, a, input, h1, #status, #tip, #captions, #count, p')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1)
    .filter(([, box]) => box.left < left - 0.5 || box.right > innerWidth - right + 0.5
      || (upper && box.top < top - 0.5) || (lower && box.bottom > innerHeight - bottom + 0.5))
    .map(([e, box]) => `${e.id || e.outerHTML.slice(0, 60)} ${JSON.stringify(box)}`)
"""
SCROLL = "(y) => scrollTo({top: y, behavior: 'instant'})"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_hidden_by_them(
    ruled_studio: Studio, many_phones: Phones, case: states.Case
) -> None:
    with case.reached(ruled_studio, many_phones) as page:
        assert "viewport-fit=cover" in (page.get_attribute("meta[name=viewport]", "content") or "")
        for size, insets in ((PHONE, UPRIGHT), (PHONE[::-1], LYING)):
            resize(page, size)
            cut(page, insets)
            if case.state in MOVING:
                assert page.evaluate(UNDER, [insets, True, True]) == []
            else:
                page.evaluate(SCROLL, 0)
                assert page.evaluate(UNDER, [insets, True, False]) == []
                page.evaluate(SCROLL, 1e6)
                assert page.evaluate(UNDER, [insets, False, True]) == []


def cut(page: Page, insets: dict[str, int]) -> None:
    """Give the screen a notch and a bar."""
    devtools = page.context.new_cdp_session(page)
    most = {f"{side}Max": size for side, size in insets.items()}
    devtools.send("Emulation.setSafeAreaInsetsOverride", {"insets": {**insets, **most}})
    page.wait_for_timeout(50)
