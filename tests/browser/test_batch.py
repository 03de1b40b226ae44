"""Several portraits with their videos dropped at once, in a real Chromium."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import pictures
from tests.browser import staff
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits
from vertex.services.jobs import NORMAL, URGENT
from vertex.services.portraits import MARKER_JOB

pytestmark = pytest.mark.xdist_group("orders")

MEGABYTE = 1024**2


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with staff.at_work(desk, (1280, 800)) as page:
        yield page


@pytest.fixture(scope="module")
def folder(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two portraits with videos of their names, a third of each, and a picture that is none."""
    folder = tmp_path_factory.mktemp("dropped")
    film = desk.video.read_bytes()
    for name, picture in (("Eva 2", pictures.chelsea), ("Eva 10", pictures.astronaut)):
        (folder / f"{name}.jpg").write_bytes(pictures.jpeg(picture()))
        (folder / f"{name}.mp4").write_bytes(film)
    (folder / "portrait.jpg").write_bytes(pictures.jpeg(pictures.coffee()))
    # a box of nothing behind the film: enough to be sent piece by piece
    empty = (10 * MEGABYTE).to_bytes(4, "big") + b"free" + bytes(10 * MEGABYTE - 8)
    (folder / "VID_0001.mp4").write_bytes(film + empty)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (folder / "broken.mp4").write_bytes(film)
    return folder


def begin(page: Page, desk: Desk, name: str, phone: str) -> None:
    page.goto(f"{desk.url}/orders/new")
    page.fill("#client", name)
    page.fill("#phone", phone)


def drop(page: Page, folder: Path, *names: str) -> None:
    """Let files fall on their place, as from a folder."""
    page.set_input_files("#batch_files", [folder / name for name in names])


def lines(page: Page) -> list[tuple[str, str]]:
    """Each portrait with the video that is chosen for it."""
    found = page.evaluate(
        """[...document.querySelectorAll('.batch-row')].map((row) =>
             [row.querySelector('strong').textContent,
              row.querySelector('select')?.selectedOptions[0].text])"""
    )
    return [(portrait, video) for portrait, video in found]


def priorities(desk: Desk, latest: int) -> list[int]:
    """Of the jobs that make the latest markers."""
    query = "SELECT priority FROM jobs WHERE kind = ? ORDER BY id DESC LIMIT ?"
    with closing(sqlite3.connect(desk.installation.instance / "vertex.sqlite3")) as database:
        return [found for (found,) in database.execute(query, (MARKER_JOB, latest))]


def test_an_order_with_all_its_portraits_in_one_form(page: Page, desk: Desk, folder: Path) -> None:
    begin(page, desk, "Eva Lind", "+4520123501")
    drop(page, folder, "Eva 10.mp4", "portrait.jpg", "Eva 2.jpg", "VID_0001.mp4")
    drop(page, folder, "Eva 10.jpg", "Eva 2.mp4")
    assert lines(page) == [
        ("Eva 2.jpg", "Eva 2.mp4"),
        ("Eva 10.jpg", "Eva 10.mp4"),
        ("portrait.jpg", "VID_0001.mp4"),
    ]

    page.click("main button[type=submit]")

    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)
    page.wait_for_selector("h1:has-text('Order')")
    assert page.locator(".card").count() == 3
    happened = page.inner_text(".timeline")
    for name in ("Eva 2", "Eva 10"):
        assert f"Portrait uploaded: {name}.jpg" in happened
        assert f"Video uploaded: {name}.mp4" in happened
    assert "Video uploaded: VID_0001.mp4" in happened
    assert priorities(desk, 3) == [NORMAL] * 3


def test_a_form_that_is_refused_keeps_its_files(page: Page, desk: Desk, folder: Path) -> None:
    begin(page, desk, "Eva Refused", "12")
    drop(page, folder, "Eva 2.jpg", "Eva 2.mp4")
    page.click("main button[type=submit]")
    page.wait_for_selector("#phone_error:not(:empty)")
    assert lines(page) == [("Eva 2.jpg", "Eva 2.mp4")]

    page.fill("#phone", "+4520123502")
    page.click("main button[type=submit]")

    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)
    page.wait_for_selector("h1:has-text('Order')")
    assert page.locator(".card").count() == 1
    assert priorities(desk, 1) == [URGENT]  # one of one is no batch


def test_what_cannot_be_used_is_told_in_its_line_and_the_rest_is_there(
    page: Page, desk: Desk, folder: Path
) -> None:
    begin(page, desk, "Eva Broken", "+4520123503")
    drop(page, folder, "broken.jpg", "broken.mp4", "Eva 2.jpg", "Eva 2.mp4", "Eva 10.jpg")
    page.wait_for_selector(".batch-row:has-text('Eva 10.jpg') .wrong:has-text('Choose its video')")

    page.click("main button[type=submit]")
    page.wait_for_selector(".batch-row:has-text('broken.jpg') .wrong:not(:empty)", timeout=60_000)
    page.wait_for_selector(".batch-row.sent:has-text('Eva 2.jpg')")
    page.wait_for_selector("[data-batch-leave]:not([hidden])")

    # the video of the broken one is chosen for the one that has none
    page.click(".batch-row:has-text('broken.jpg') button")
    page.select_option(".batch-row:has-text('Eva 10.jpg') select", label="broken.mp4")
    page.click("[data-batch-send]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)
    page.wait_for_selector("h1:has-text('Order')")
    assert page.locator(".card").count() == 2


def test_more_are_added_on_the_page_of_the_order(page: Page, desk: Desk, folder: Path) -> None:
    begin(page, desk, "Eva More", "+4520123504")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))

    drop(page, folder, "Eva 2.jpg", "Eva 2.mp4", "VID_0001.mp4")
    page.wait_for_selector(".batch-rest:has-text('VID_0001.mp4')")
    page.set_viewport_size({"width": 360, "height": 740})
    assert_fits(page)
    page.click("[data-batch-send]")

    page.wait_for_selector(".card", timeout=staff.PATIENCE)
    assert page.locator(".card").count() == 1
