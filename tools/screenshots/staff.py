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
        order = _take_in_orders(page, studio, portrait, film)
        page.goto(f"{studio.url}/jobs")
        page.wait_for_selector(".chip.busy", state="detached", timeout=120_000)
        paths = _paths(page, studio, order)
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


def _take_in_orders(page: Page, studio: Installation, portrait: Path, film: Path) -> str:
    """Take in an order for each client, the last with a portrait of its own; its address."""
    for number, (name, phone) in enumerate(CLIENTS.items()):
        page.goto(f"{studio.url}/orders/new")
        page.fill("#client", name)
        page.fill("#phone", phone)
        page.fill("#product", "Portrait, 30 × 40 cm")
        page.fill("#price", "180")
        page.fill("#due_on", f"2026-{11 + number % 2}-2{number}")
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
        for _ in range(number):
            page.click("#order_way [data-step=on]")
            page.wait_for_selector(".toast")
            page.reload()
    address = page.url
    page.click("text=Add a portrait")
    page.set_input_files("#portrait", portrait)
    page.set_input_files("#video", film)
    page.click("button:has-text('Upload')")
    page.wait_for_url(address)
    return address.removeprefix(studio.url)


def _paths(page: Page, studio: Installation, order: str) -> dict[str, str]:
    page.goto(f"{studio.url}/portraits")
    portrait = page.get_attribute(".card-text a", "href") or ""
    page.goto(f"{studio.url}{portrait}")
    client = page.get_attribute(".heading a[href^='/clients/']", "href") or ""
    return {
        "home": "/",
        "orders": "/orders",
        "orders-all": "/orders?all=1",
        "orders-view": "/orders/views/new?status=ready",
        "orders-import": "/imports/tables/new?kind=orders",
        "board": "/orders/board",
        "order": order,
        "order-edit": f"{order}/edit",
        "order-new": "/orders/new",
        "order-tell": f"{order}/tell",
        "order-move": f"{order}/move?to=delivered",
        "texts": "/settings/texts",
        "imports": "/imports",
        "import-portraits": "/imports/portraits/new",
        "clients": "/clients",
        "client-merge": f"{client}/merge",
        "clients-nobody-found": "/clients?q=nobody",
        "client": client,
        "client-edit": f"{client}/edit",
        "client-new": "/clients/new",
        "portraits": "/portraits",
        "portraits-list": "/portraits?view=table",
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
