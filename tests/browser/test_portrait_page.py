"""A portrait's page in a real Chromium: its proof appears, its videos are ordered and undone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until

pytestmark = pytest.mark.xdist_group("portraits")

DESK, NARROW = (1280, 800), (360, 740)
ITS_PROOF_TAKES = 180_000  # ms, on a machine that does much else
ORDER = "[...document.querySelectorAll('#video_list li.video a[href]')].map((a) => a.href)"


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with opened(size=DESK) as page:
        witness = Witness(page, desk.url)
        staff.sign_in(page, desk)
        yield page
        witness.nothing_happened()


def upload(page: Page, desk: Desk, name: str, phone: str) -> str:
    """Upload a portrait; its address."""
    page.goto(f"{desk.url}/portraits/new")
    page.fill("#client", name)
    page.fill("#phone", phone)
    staff.choose_files(page, desk.picture, desk.video)
    staff.send(page)
    return page.url


def judge_both(page: Page, axe: str) -> None:
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert judge(page, axe) == []
    page.emulate_media(color_scheme="light")


def assert_narrow(page: Page) -> None:
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_a_proof_appears_by_itself(page: Page, desk: Desk, axe: str) -> None:
    upload(page, desk, "Анна Семёнова", "+7 916 123-45-67")
    staff.wait_for_marker(page)
    judge_both(page, axe)

    page.wait_for_selector("#proof_state .rated", timeout=ITS_PROOF_TAKES)

    text = page.inner_text("#proof_state")
    assert re.search(r"Recognised in \d+ of 100 looks", text)
    page.wait_for_selector("#timeline:has-text('Proof made')")
    features = page.locator("#proof_state .features")
    assert not features.is_visible()
    page.check("#features_shown")
    assert features.is_visible()
    until(page, "document.querySelector('#proof_state .features').naturalWidth > 0")
    judge_both(page, axe)
    assert_narrow(page)

    page.goto(f"{desk.url}/portraits")
    page.wait_for_selector(".card .chip .stars")
    page.click("text=As a list")
    page.wait_for_url(re.compile("view=table"))
    page.wait_for_selector("table .chip .stars >> visible=true")
    judge_both(page, axe)
    page.locator("#search").press_sequentially("семёнова")
    page.wait_for_url(re.compile("view=table.*q=|q=.*view=table"))
    page.fill("#search", "nobody at all")
    page.wait_for_selector("text=No portrait found")
    page.go_back()
    page.wait_for_selector("table .chip .stars >> visible=true")
    page.click("text=Poor proof")
    page.wait_for_url(re.compile("only=poor"))


def test_videos_are_ordered_played_deleted_and_undone(page: Page, desk: Desk, axe: str) -> None:
    portrait = upload(page, desk, "Two Films", "+45 20 12 34 56")
    staff.wait_for_marker(page)
    page.click("summary:has-text('Add another video')")
    page.set_input_files("#video", desk.video)
    page.click("#video_form button[type=submit]")
    page.wait_for_selector("#video_list li.video >> nth=1")
    page.wait_for_selector("#video_state .chip.good", timeout=staff.PATIENCE)
    page.wait_for_selector("#video_list:not(:has(.chip.busy))", timeout=staff.PATIENCE)
    judge_both(page, axe)

    before = page.evaluate(ORDER)
    button = page.locator("#video_list li.video >> nth=1 >> [title^='Move up']")
    name = str(button.get_attribute("id"))
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#video_list li.video >> nth=0 >> #{name}")
    assert page.evaluate(ORDER) != before
    assert staff.focused(page) == name

    sources = set()
    for n in range(2):
        page.click(f"#video_list li.video >> nth={n} >> .video-words a")
        page.wait_for_selector(f"#video_state h2:has-text('Video {n + 1} of 2')")
        page.evaluate("Object.assign(document.querySelector('.film'), {muted: true}).play()")
        until(page, "document.querySelector('.film').currentTime > 0.2")
        sources.add(page.get_attribute(".film", "src"))
    assert len(sources) == 2

    page.click("#video_list li.video >> nth=0 >> text=Delete")
    page.wait_for_selector(".toast:has-text('in the bin')")
    assert page.locator("#video_list li.video").count() == 1
    page.click(".toast >> text=Undo")
    page.wait_for_selector(".toast:has-text('is back')")
    assert page.locator("#video_list li.video").count() == 2

    page.click("#video_list li.video >> nth=1 >> text=Delete")
    page.wait_for_selector(".toast:has-text('in the bin')")
    page.goto(portrait)
    page.click("summary:has-text('Bin (1)')")
    judge_both(page, axe)
    assert_narrow(page)
    page.click("#video_list >> text=Put back")
    page.wait_for_selector("#video_list li.video >> nth=1")
