"""Clients in a real Chromium, at a desk and on a phone: consent, and two who are one."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Page

from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits

DESK, PHONE = (1280, 800), (390, 844)

pytestmark = pytest.mark.xdist_group("clients")

_serial = count(1_000_000)  # one desk serves all tests, and a phone is one client's


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Olga's browser, signed in."""
    size: tuple[int, int] = request.param
    with staff.at_work(desk, size, touch=size == PHONE) as page:
        yield page


def test_a_client_taken_in_twice_becomes_one_and_two_again(
    page: Page, desk: Desk, axe: str
) -> None:
    name, last = f"Anna Kern {next(_serial)}", f"{next(_serial)}"
    staff.take_in(page, desk, name, f"+7916{next(_serial)}")
    client = page.url
    staff.take_in(page, desk, name, f"+7916{last}")
    page.goto(client)
    page.click("main .heading a:has-text('Merge')")
    page.fill("#search", last)
    page.click("#merge_candidates li:only-child a")
    assert not judge(page, axe)
    assert_fits(page)

    page.click("main button:has-text('Merge')")

    page.wait_for_selector(".toast:has-text('is one client now')")
    assert last in page.inner_text("main").replace(" ", "").replace("-", "")
    page.click(".toast button:has-text('Undo')")
    page.wait_for_selector(".toast:has-text('two clients again')")
    page.goto(f"{desk.url}/clients?twice=1&q={last}")
    assert page.locator("#client_rows tbody tr").count() == 1


def test_a_parents_consent_is_asked_whole_and_kept(page: Page, desk: Desk, axe: str) -> None:
    staff.take_in(page, desk, "Mia Kern", f"+7916{next(_serial)}")
    page.select_option("#consent_by", "parent")
    page.fill("#consent_on", "2026-11-12")
    page.click("#consent_form button[type=submit]")
    page.wait_for_selector("#consent_name_error:not(:empty)")

    page.fill("#consent_name", "Eva Kern")
    page.click("#consent_form button[type=submit]")

    page.wait_for_selector("#consent_form .chip.good")
    assert "Eva Kern" in page.inner_text("#consent_form")
    assert not judge(page, axe)
    assert_fits(page)
