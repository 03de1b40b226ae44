"""An album: one code, several prints; each video is fetched when its print is first seen."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from tests import clips, pictures
from tests.browser import phones, staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.rows import rows_of
from tests.browser.waiting import until, until_played
from vertex.extensions import db
from vertex.models import Order
from vertex.services._transaction import atomic

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
NAMES = ("astronaut", "chelsea", "coffee")
FILM = "document.querySelector('#portrait-video')"


@pytest.fixture(scope="module")
def album(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an album of three."""
    pictures.prepare([(name, FRONTAL) for name in (*NAMES[:2], "motorcycle")])
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


def one_after_the_other(folder: Path, *names: str) -> Path:
    """A clip that shows each of these prints for a while, and begins again."""
    camera = folder / "prints.mjpeg"
    with camera.open("wb") as film:
        for name in names:
            frames = phones.frames_of(pictures.clip(name, FRONTAL))
            for number in range(12 * clips.FPS):
                film.write(frames[number % len(frames)])
    return camera


MARKERS = """
performance.getEntriesByType("resource").map((e) => e.name).filter((name) => /marker/.test(name))
"""


def test_where_nothing_is_found_a_fuller_marker_takes_over(
    album: str, desk: Desk, tmp_path: Path
) -> None:
    camera = one_after_the_other(tmp_path, "motorcycle", "astronaut")
    with opened(camera, (390, 844)) as page:
        witness = Witness(page, desk.url)
        page.goto(album)
        page.click("#start")
        page.wait_for_selector('body[data-state="scanning"]', timeout=WITHIN)
        (worker,) = page.workers
        for _ in range(WITHIN // 250):
            markers = worker.evaluate(MARKERS)
            if len(markers) == 2:
                break
            page.wait_for_timeout(250)
        assert [("grade=" in name) for name in markers] == [True, False]

        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until_played(page, 0.2)
        assert len(ticked(page)) == 1
        witness.nothing_happened()


def test_a_second_print_needs_no_second_tap(album: str, desk: Desk, tmp_path: Path) -> None:
    with opened(one_after_the_other(tmp_path, *NAMES[:2]), (390, 844)) as page:
        witness = Witness(page, desk.url)
        page.goto(album)
        page.click("#start")  # the only tap
        sound = f"!{FILM}.muted && !{FILM}.paused"
        until(page, f"document.querySelectorAll('#strip [data-found]').length === 1 && {sound}")
        until_played(page, 0.2)
        first, fetched = ticked(page), films(page)
        assert len(fetched) == 1
        until(page, "document.querySelectorAll('#strip [data-found]').length === 2")
        until(page, f"{sound} && {FILM}.currentTime > 0.2")

        assert first[0] in ticked(page)
        assert len(films(page)) == 2 and fetched[0] in films(page)
        assert page.inner_text("#count") == "2 / 3"
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
        witness.nothing_happened()


def test_what_is_saved_is_the_film_that_is_shown(album: str, desk: Desk) -> None:
    with rows_of(desk.installation.instance), atomic():
        db.session.execute(update(Order).where(Order.number == "A17").values(downloads=True))
    with opened(size=(390, 844)) as page:
        page.goto(f"{album}?camera=no")
        for place in (0, 2, 1):
            page.locator("#strip button").nth(place).click()
            playing = f"{FILM}.src.match(/video\\/([0-9a-f-]{{36}})/)[1]"
            saved = "document.querySelector('#download').href"
            until(page, f"{FILM}.src && {saved}.includes({playing})")
            with page.expect_download() as saving:
                page.click("#download")
            assert saving.value.path().stat().st_size > 1000
            chosen = page.get_attribute("#strip [aria-current='true']", "data-id")
            assert chosen == page.locator("#strip button").nth(place).get_attribute("data-id")


def test_what_was_seen_of_one_film_does_not_lie_on_the_next_photo(album: str) -> None:
    shown = f"getComputedStyle({FILM}).opacity"
    with opened(size=(390, 844), service_workers="block") as page:
        page.goto(f"{album}?camera=no")
        page.locator("#strip button").nth(1).click()
        until(page, f"{FILM}.currentTime > 0.1 && {shown} === '1'")
        page.route("**/video/**", lambda route: None)  # the next one does not come
        page.locator("#strip button").nth(2).click()

        until(page, f"{shown} === '0'")
