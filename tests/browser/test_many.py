"""Many at once in a real Chromium: chosen, moved and taken back; a ZIP until its print is found."""

import dataclasses
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits
from tests.browser.waiting import until

pytestmark = pytest.mark.xdist_group("many")

DESK, PHONE = (1280, 800), (390, 844)
FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
IN_BOX = "document.querySelectorAll('.pick input[name=id]:checked').length"


@pytest.fixture(scope="module")
def orders(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Numbers of forty orders, taken in by a table as a spreadsheet writes it."""
    numbers = [f"M-{n:02}" for n in range(1, 41)]
    lines = ["номер;клиент;телефон"]
    lines += [f"{number};Анна {n};+7916{n:07}" for n, number in enumerate(numbers)]
    table = tmp_path_factory.mktemp("tables") / "orders.csv"
    table.write_bytes("\r\n".join(lines).encode("cp1251"))
    with opened(size=DESK) as page:
        staff.sign_in(page, desk)
        page.goto(f"{desk.url}/imports/tables/new?kind=orders")
        page.set_input_files("#table", table)
        page.click("text=Look at it")
        page.wait_for_selector("text=40 rows are ready")
        page.click("main >> button:has-text('Import')")
        page.wait_for_selector("text=40 rows imported", timeout=60_000)
    return numbers


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with opened(size=DESK) as page:
        witness = Witness(page, desk.url)
        staff.sign_in(page, desk)
        yield page
        witness.nothing_happened()


def box(page: Page, number: str) -> str:
    return f"tr:has-text('{number}') .pick input"


def statuses(page: Page, *numbers: str) -> list[str]:
    return [page.inner_text(f"tr:has-text('{n}') td.wide .chip").strip() for n in numbers]


def test_three_orders_are_chosen_moved_and_taken_back(
    page: Page, desk: Desk, orders: list[str]
) -> None:
    three = orders[-3:]
    page.goto(f"{desk.url}/orders")
    assert not page.is_visible(".many")
    for number in three:
        page.check(box(page, number))
    page.wait_for_selector("text=Chosen: 3")

    page.select_option(".many select", "ready")
    page.click(".many >> text=Move")

    page.wait_for_selector(".toast:has-text('3 orders: Ready to print')")
    assert statuses(page, *three) == ["Ready to print"] * 3
    page.click(".toast >> text=Undo")
    page.wait_for_selector(".toast:has-text('3 taken back.')")
    until(page, "!document.querySelector('#order_rows').textContent.includes('Ready to print')")
    assert statuses(page, *three) == ["New"] * 3


def test_by_the_keyboard_alone_and_never_behind_the_bar(
    page: Page, desk: Desk, orders: list[str]
) -> None:
    page.goto(f"{desk.url}/orders")
    # all rows are there before the first Tab: those that come later would lie on its way
    page.locator(".pick input[name=id]").last.scroll_into_view_if_needed()
    page.wait_for_selector(box(page, orders[0]))
    page.focus(box(page, orders[-11]))
    page.keyboard.press("Space")
    page.wait_for_selector("text=Chosen: 1")

    hidden = []
    for _ in range(70):
        page.keyboard.press("Tab")
        inside, covered = page.evaluate(
            """() => {
                const at = document.activeElement, bar = document.querySelector('.many');
                const a = at.getBoundingClientRect(), b = bar.getBoundingClientRect();
                return [bar.contains(at), a.bottom > b.top && a.top < b.bottom];
            }"""
        )
        if inside:
            break
        if covered:
            hidden.append(staff.focused(page))
    assert inside
    assert hidden == []
    page.keyboard.press("Escape")
    until(page, f"{IN_BOX} === 0")
    assert page.evaluate("document.activeElement.matches('.pick input')")


def test_all_of_the_page_a_range_and_none(page: Page, desk: Desk, orders: list[str]) -> None:
    page.goto(f"{desk.url}/orders")

    page.check("[data-many-all]")
    shown = page.locator(".pick input[name=id]").count()
    page.wait_for_selector(f"text=Chosen: {shown}")
    page.click("text=Choose none")
    until(page, f"{IN_BOX} === 0")
    page.check(box(page, orders[-2]))
    page.click(box(page, orders[-6]), modifiers=["Shift"])

    page.wait_for_selector("text=Chosen: 5")


def test_on_a_phone_the_bar_fits_and_is_large_enough_for_thumbs(
    desk: Desk, orders: list[str], axe: str
) -> None:
    with opened(size=PHONE, touch=True) as page:
        staff.sign_in(page, desk, "/orders")
        page.tap(box(page, orders[-1]))
        page.wait_for_selector("text=Chosen: 1")

        assert_fits(page)
        sizes = page.evaluate(
            """[...document.querySelectorAll('.many button, .many select, .pick')].map((e) => {
                const box = e.getBoundingClientRect(); return [box.width, box.height];
            }).filter(([width]) => width)"""
        )
        assert min(min(size) for size in sizes) >= 44
        above = page.evaluate(
            """document.querySelector('.many').getBoundingClientRect().bottom
               <= document.querySelector('.nav').getBoundingClientRect().top"""
        )
        assert above
        assert judge(page, axe) == []


def test_without_scripts_orders_are_moved_by_the_form(desk: Desk, orders: list[str]) -> None:
    with opened(size=DESK, scripts=False) as page:
        staff.sign_in(page, desk, "/orders")
        page.check(box(page, orders[-4]))
        page.select_option(".many select", "in_progress")
        page.click(".many >> text=Move")

        page.wait_for_selector(".toast:has-text('1 order: In progress')")
        assert statuses(page, orders[-4]) == ["In progress"]


@pytest.fixture(scope="module")
def archive(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs with their videos, one without, more than goes with a form, and a table."""
    path = tmp_path_factory.mktemp("zip") / "школа.zip"
    film = desk.video.read_bytes()
    # a box of nothing behind the film: enough to be sent piece by piece
    film += (10 * 1024**2).to_bytes(4, "big") + b"free" + bytes(10 * 1024**2 - 8)
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("astronaut", "chelsea", "coffee"):
            archive.writestr(f"фото/{name}.jpg", pictures.jpeg(pictures.PICTURES[name]()))
            if name != "coffee":
                archive.writestr(f"видео/{name}.MP4", film)
        archive.writestr(
            "список.csv",
            "портрет;клиент;телефон;заказ\n"
            "astronaut.jpg;Айлин Коллинз;+79165550101;5Б-01\n"
            "chelsea;Chelsea;+79165550102;5Б-02\n"
            "coffee.jpg;Чашка;+79165550103;5Б-03\n",
        )
    return path


def test_a_zip_is_looked_at_imported_and_its_print_comes_alive(
    desk: Desk, archive: Path, axe: str
) -> None:
    with opened(size=DESK) as page:
        witness = Witness(page, desk.url)
        staff.sign_in(page, desk, "/imports")
        page.click("text=Portraits and videos")
        page.set_input_files("#archive", archive)
        page.click("text=Look at it")
        page.wait_for_selector("h2:has-text('2 rows are ready, 1 is refused')", timeout=60_000)
        assert "There is no video with the name “coffee”." in page.inner_text("main")
        assert judge(page, axe) == []

        page.click("main >> button:has-text('Import')")
        page.wait_for_selector("text=2 rows imported, 1 refused.", timeout=60_000)
        with page.expect_download() as report:
            page.click("text=Report (CSV)")
        assert report.value.path().read_text(encoding="utf-8-sig").count("done") == 2
        page.click("tr:has-text('astronaut') >> text=Show it >> visible=true")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"))
        staff.wait_for_marker(page)
        address = page.input_value("#link")
        witness.nothing_happened()

    with opened(pictures.clip("astronaut", FRONTAL)) as phone:
        phone.goto(address)
        phone.click("#start")
        phone.wait_for_selector('body[data-state="found"]', timeout=30_000)
