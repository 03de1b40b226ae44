"""An album: one code, several prints; each video is fetched when its print is first seen."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until, until_played

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
NAMES = ("astronaut", "chelsea", "coffee")


@pytest.fixture(scope="module")
def album(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an album of three."""
    pictures.prepare([(name, FRONTAL) for name in NAMES[:2]])
    folder = tmp_path_factory.mktemp("album")
    found = {}
    for name in NAMES:
        path = folder / f"{name}.jpg"
        path.write_bytes(pictures.jpeg(pictures.PICTURES[name]()))
        options = ["--client", "Anna", "--phone", "+79161234567", "--order", "A17"]
        files = ["--portrait", str(path), "--video", str(desk.video)]
        found[name] = desk.installation.flask("portraits", "import", *options, *files)
    with opened() as page:
        staff.sign_in(page, desk, "/portraits")
        page.click(".cards a >> nth=0")
        code = page.inner_text("a[href^='/v/'][rel='noopener'] >> text=/^[0-9A-Z]{10}$/")
    yield f"{desk.url}/v/{code}"


def films(page: Page) -> list[str]:
    """The ids of the videos that were asked for, each once."""
    names = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    found = [re.search(r"/video/([0-9a-f-]{36})", name) for name in names]
    return sorted({match[1] for match in found if match})


def ticked(page: Page) -> list[str]:
    return list(
        page.eval_on_selector_all("#strip [data-found]", "all => all.map(b => b.dataset.id)")
    )


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
def test_any_print_of_it_comes_alive_with_its_own_video(album: str, desk: Desk, name: str) -> None:
    with opened(pictures.clip(name, FRONTAL), (390, 844)) as page:
        witness = Witness(page, desk.url)
        page.goto(album)
        assert page.locator("#strip button").count() == 3
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until_played(page, 0.3)

        portraits = page.evaluate(
            "JSON.parse(document.querySelector('#viewer-config').textContent).portraits"
        )
        mine = page.get_attribute("#strip [aria-current='true']", "data-id")
        one = next(portrait for portrait in portraits if portrait["id"] == mine)
        size = pictures.PICTURES[name]().shape

        assert ticked(page) == [mine]
        assert (one["height"], one["width"]) == size[:2]
        assert len(films(page)) == 1 and films(page)[0] in one["video"]["url"]
        assert page.evaluate("document.querySelector('#portrait-video').currentTime") > 0.3
        assert page.inner_text("#count") == "1 / 3"
        witness.nothing_happened()


def test_without_the_camera_each_is_chosen_by_hand(album: str, desk: Desk) -> None:
    with opened(size=(390, 844)) as page:
        witness = Witness(page, desk.url)
        page.goto(f"{album}?camera=no")
        for place in (2, 0):
            page.locator("#strip button").nth(place).click()
            until(page, "!document.querySelector('#portrait-video').paused")
            until_played(page, 0.1)
            shown = page.evaluate("document.querySelector('#photo').src")
            chosen = page.get_attribute("#strip [aria-current='true']", "data-id")
            assert chosen is not None and chosen in shown

        assert len(films(page)) == 2
        # what was seen of the last one is not shown on the photo of the next
        page.route("**/video/**", lambda route: None)
        page.locator("#strip button").nth(1).click()
        seen = "getComputedStyle(document.querySelector('#portrait-video')).opacity"
        until(page, f"{seen} === '0'")
        assert page.get_attribute("body", "data-begun") is None
        witness.nothing_happened()
