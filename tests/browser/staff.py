"""What staff do in a browser, step by step."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.web.staff import PASSWORD

PATIENCE = 20_000  # ms


def set_up(page: Page, desk: Desk) -> None:
    """Make the first admin of an empty installation."""
    page.goto(desk.url)
    page.fill("#username", "olga")
    page.fill("#email", "olga@example.com")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{desk.url}/")


@contextmanager
def at_work(desk: Desk, size: tuple[int, int], *, touch: bool = False) -> Iterator[Page]:
    """Olga's browser, signed in; in the end nothing may have gone wrong in it but refusals."""
    with opened(size=size, touch=touch) as page:
        witness = Witness(page, desk.url)
        sign_in(page, desk)
        yield page
        # what is refused is answered with 4xx, which the console mentions
        witness.errors = [error for error in witness.errors if "status of 4" not in error]
        witness.nothing_happened()


def sign_in(page: Page, desk: Desk, path: str = "/") -> None:
    """Sign in and go on to this page."""
    page.goto(f"{desk.url}{path}")
    page.fill("#username", "olga")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{desk.url}{path}")


def take_in(page: Page, desk: Desk, name: str, phone: str) -> None:
    """Take in a client by their form."""
    page.goto(f"{desk.url}/clients/new")
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.click("button[type=submit] >> text=Save")
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}$"))


def choose_files(page: Page, picture: Path, video: Path) -> None:
    """Browse for both files."""
    page.set_input_files("#portrait", picture)
    page.set_input_files("#video", video)


def send(page: Page) -> None:
    """Upload, and wait for the page of the portrait."""
    page.click("button:has-text('Upload')")
    page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=PATIENCE)


def wait_for_marker(page: Page) -> None:
    """Wait until the page has noticed by itself that marker and films are made."""
    page.wait_for_selector("#marker_state .chip.good", timeout=PATIENCE)
    page.wait_for_selector("#video_state .chip.good", timeout=PATIENCE)


def focused(page: Page) -> str:
    """What the keys go to: id, else text."""
    found: str = page.evaluate(
        "document.activeElement.id || document.activeElement.textContent.trim()"
    )
    return found


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the keys go to the element of this id or text."""
    for _ in range(60):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")
