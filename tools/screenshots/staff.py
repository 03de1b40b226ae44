"""Photographs of the staff's pages: on a desk and on a phone, light and dark, and in Russian."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import opened
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD
from tools.screenshots.camera import DESK, PHONE, shoot

CLIENTS = {
    "Анна Семёнова": "+7 916 123-45-67",
    "Maria Jensen": "+45 32 12 34 56",
    "Tom Okafor": "+44 20 7946 0958",
    "Юлия Крылова": "+7 921 765-43-21",
}


def photograph(studio: Installation, portrait: Path, film: Path) -> None:
    """Photograph every page of an installation that is still empty, while filling it."""
    with opened(size=DESK, locale="en-GB") as page:
        page.goto(f"{studio.url}/setup")
        shoot(page, "staff-set-up-desk-light")
    studio.make_admin("olga", PASSWORD)
    with opened(size=DESK) as page:
        _sign_in(page, studio)
        shoot(page, "staff-home-empty-desk-light")
        _fill(page, studio, portrait, film)
        paths = _paths(page, studio)
    for colours in ("light", "dark"):
        for device, size in (("desk", DESK), ("phone", PHONE)):
            with opened(size=size, colours=colours, touch=device == "phone") as page:
                _walk(page, studio, paths, f"{device}-{colours}")
    with opened(size=PHONE, locale="ru-RU") as page:
        _walk(page, studio, paths, "phone-russian")


def _walk(page: Page, studio: Installation, paths: dict[str, str], ending: str) -> None:
    page.goto(f"{studio.url}/login")
    shoot(page, f"staff-sign-in-{ending}")
    _sign_in(page, studio)
    for name, path in paths.items():
        page.goto(f"{studio.url}{path}")
        shoot(page, f"staff-{name}-{ending}", whole=True)
    page.goto(f"{studio.url}/clients/new")
    page.fill("#phone", "12")
    page.click(".button.primary[type=submit]")
    page.wait_for_selector("#name_error:not(:empty)")
    shoot(page, f"staff-client-form-refused-{ending}")


def _sign_in(page: Page, studio: Installation) -> None:
    page.goto(f"{studio.url}/login")
    page.fill("#username", "olga")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{studio.url}/")


def _fill(page: Page, studio: Installation, portrait: Path, film: Path) -> None:
    for name, phone in CLIENTS.items():
        page.goto(f"{studio.url}/portraits/new")
        page.fill("#client", name)
        page.fill("#phone", phone)
        page.set_input_files("#portrait", portrait)
        page.set_input_files("#video", film)
        shoot(page, "staff-upload-filled-desk-light", whole=True)
        page.click("button:has-text('Upload')")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"))
        page.wait_for_selector("#marker_state .chip:not(.busy)")


def _paths(page: Page, studio: Installation) -> dict[str, str]:
    page.goto(f"{studio.url}/portraits")
    portrait = page.get_attribute(".card-text a", "href") or ""
    page.goto(f"{studio.url}{portrait}")
    client = page.get_attribute(".heading a[href^='/clients/']", "href") or ""
    return {
        "home": "/",
        "clients": "/clients",
        "clients-nobody-found": "/clients?q=nobody",
        "client": client,
        "client-edit": f"{client}/edit",
        "client-new": "/clients/new",
        "portraits": "/portraits",
        "portraits-bin": "/portraits?bin=1",
        "portrait": portrait,
        "upload": "/portraits/new",
        "account": "/account",
        "studio": "/settings",
        "jobs": "/jobs",
        "notifications": "/notifications",
        "not-found": "/nowhere",
        "components": "/dev/ui",
    }
