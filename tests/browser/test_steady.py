"""The page does not jump while somebody reads it."""

import pytest

from tests.browser.conftest import Studio
from tests.browser.phones import DESK, PHONE, Phones

GOOD = 0.1  # of layout shift, as browsers reckon it
MOVED = """
notes.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) notes.moved += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("camera", ["none", "astronaut"])
def test_when_it_finds_out_what_the_phone_can_do(
    ruled_studio: Studio, many_phones: Phones, camera: str, size: tuple[int, int]
) -> None:
    with many_phones.opened(camera, size=size) as page:
        page.add_init_script(MOVED)
        page.goto(ruled_studio.page("astronaut"))
        state = "fallback" if camera == "none" else "ready"
        page.wait_for_selector(f'body[data-state="{state}"]')
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # in which what came last is drawn

        assert page.evaluate("notes.moved") <= GOOD
