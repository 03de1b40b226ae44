"""A line that is lost while the film plays: words, a way on, and on it goes when it is back."""

import pytest

from tests.browser.conftest import Studio
from tests.browser.phones import Phones
from tests.browser.test_every_state import FILM, PLAYS, WITHIN
from tests.browser.waiting import until, until_played


@pytest.mark.parametrize("way", ["print", "photo"])
def test_is_said_and_then_the_film_goes_on_where_it_was(
    ruled_studio: Studio, many_phones: Phones, way: str
) -> None:
    with many_phones.opened() as page:
        page.goto(ruled_studio.page("long"))
        page.click("#start" if way == "print" else "#watch")
        state = "found" if way == "print" else "fallback"
        page.wait_for_selector(f'body[data-state="{state}"]', timeout=WITHIN)
        until(page, PLAYS)
        page.context.set_offline(True)
        fetched = page.evaluate(f"{FILM}.buffered.end(0)")
        assert 1 < fetched < 18  # else this shows nothing
        page.evaluate(f"{FILM}.currentTime = {fetched - 1}")

        page.wait_for_selector('body[data-state="fallback"][data-reason="offline"]', timeout=WITHIN)
        assert "no connection" in page.inner_text("#status")
        assert page.is_visible("#retry") and page.is_visible("#portrait-video")
        stopped = page.evaluate(f"{FILM}.currentTime")

        page.context.set_offline(False)
        page.wait_for_selector('body[data-reason="asked"]', timeout=WITHIN)
        assert page.is_visible("#start")
        until_played(page, stopped + 0.5)
        assert stopped > fetched - 2 and not page.evaluate(f"{FILM}.paused")
