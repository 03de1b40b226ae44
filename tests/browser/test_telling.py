"""A client told by a real e-mail, and their word on the order, in a real Chromium."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits
from tests.browser.test_orders import take_in
from tests.servers.mail import Postbox

pytestmark = pytest.mark.xdist_group("telling")

DESK, PHONE, NARROW = (1280, 800), (390, 844), (360, 740)
CHANGE = "Could the background be lighter?"
# the browser's own share sheet, which headless browsers do not have
SHARES = "navigator.share = async (given) => { window.shared = given.text; };"


@pytest.fixture
def page(writing_desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with staff.at_work(writing_desk, DESK) as page:
        yield page


def with_portrait(page: Page, desk: Desk, name: str, phone: str) -> str:
    """Take in an order with a portrait; its address."""
    order = take_in(page, desk, name, phone)
    page.click("text=Add a portrait")
    staff.choose_files(page, desk.picture, desk.video)
    page.click("button:has-text('Upload')")
    page.wait_for_url(order, timeout=staff.PATIENCE)
    return order


def ask(page: Page, order: str) -> None:
    """Ask for the client's approval, and go on to the message."""
    page.goto(order)
    page.click("#client_told button:has-text('Ask for approval')")
    page.wait_for_selector("#tell_form")


def address_of_client(page: Page, order: str) -> str:
    page.goto(order)
    return str(page.get_attribute("#client_told a[href$='/order']", "href"))


def link_in(message: EmailMessage) -> str:
    """Where the button of an e-mail leads."""
    part = message.get_body(("html",))
    assert part is not None
    found = re.search(r'<a href="([^"]+)" style="display:inline-block', str(part.get_content()))
    assert found
    return found[1]


def at_the_client(link: str, message: str = "") -> None:
    """Open the link on a phone without scripts, and approve, or ask for a change."""
    with opened(size=PHONE, touch=True, scripts=False) as phone:
        phone.goto(link)
        assert phone.locator("#portraits img").count() == 1
        if not message:
            phone.tap("button.main")
            phone.wait_for_selector("h2:has-text('You have approved it.')")
            return
        phone.wait_for_selector("h2:has-text('May we print this?')")
        phone.tap("summary")
        phone.fill("#message", message)
        phone.tap("details button")
        phone.wait_for_selector("h2:has-text('You have asked for a change.')")


def test_from_the_letter_to_the_approval(writing_desk: Desk, postbox: Postbox) -> None:
    with opened(size=DESK) as page:
        staff.sign_in(page, writing_desk)
        order = with_portrait(page, writing_desk, "Anna Letter", "+4520124456")
        ask(page, order)
        page.fill("#recipient", "anna@example.com")
        page.click("text=Send by e-mail")
        page.wait_for_url(order)
        page.wait_for_selector("#client_told .letters .chip.good", timeout=staff.PATIENCE)
    link = link_in(postbox.messages[-1])

    at_the_client(link, CHANGE)
    with opened(size=DESK) as page:
        staff.sign_in(page, writing_desk, "/orders/board")
        card = page.locator("[data-card]", has_text="Anna Letter")
        assert card.locator(".chip:has-text('The client asks for a change')").is_visible()
        card.locator("a").click()
        page.wait_for_selector(f".said:has-text('{CHANGE}')")

    at_the_client(link)
    with opened(size=DESK) as page:
        staff.sign_in(page, writing_desk, "/orders/board")
        card = page.locator("[data-card]", has_text="Anna Letter")
        assert card.locator(".chip.good:has-text('Approved by the client')").is_visible()
        page.goto(f"{writing_desk.url}/notifications")
        assert "The client has approved order" in page.inner_text("main")


def test_a_pin_is_put_in_by_the_browser_alone(writing_desk: Desk) -> None:
    sent: list[str] = []
    with opened(size=PHONE, touch=True) as page:
        page.add_init_script(SHARES)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        staff.sign_in(page, writing_desk)
        order = take_in(page, writing_desk, "Pin Told", "+4520124457")
        page.fill("#rules_form [name=pin]", "471193")
        page.click("#rules_form button[type=submit]")
        page.wait_for_selector(".toast:has-text('Tell your client the new PIN')")
        page.click("#client_told >> text=Send the link")
        page.wait_for_selector("body[data-scripts=ready]")
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))

        page.click("[data-share-text]")
        assert "PIN" not in page.evaluate("window.shared")
        page.fill("#pin", "471193")
        page.click("[data-share-text]")
        page.click("[data-copy-text]")
        page.wait_for_selector(".toast:has-text('Copied.')")

        shared, copied = (
            page.evaluate("window.shared"),
            page.evaluate("navigator.clipboard.readText()"),
        )
        assert "PIN: 471193" in shared
        assert f"{writing_desk.url}/v/" in shared
        assert copied == shared
        assert not [one for one in sent if "471193" in one]
        assert page.url.startswith(order)


def test_a_browser_without_a_share_sheet_has_no_button_for_it(
    page: Page, writing_desk: Desk
) -> None:
    order = take_in(page, writing_desk, "No Share", "+4520124458")

    page.goto(f"{order}/tell")
    page.wait_for_selector("[data-copy-text]:visible")

    assert page.evaluate("'share' in navigator") or page.is_hidden("[data-share-text]")


def test_the_studios_words_are_seen_as_they_are_typed(page: Page, writing_desk: Desk) -> None:
    page.goto(f"{writing_desk.url}/settings/texts")

    page.fill("#share_text", "Dear {client}, {link} {nobody}")
    page.wait_for_selector("#texts_preview:has-text('Dear Anna Peters, http')")
    page.click("#texts_form button[type=submit]")
    page.wait_for_selector("#share_text_error:has-text('There is no {nobody}.')")
    page.fill("#share_text", "Dear {client}, {link}")
    page.click("#texts_form button[type=submit]")
    page.wait_for_selector(".toast:has-text('Saved.')")
    page.click("text=Back to our text: Send the link")
    page.wait_for_selector(".toast:has-text('It is our text again.')")

    assert page.input_value("#share_text").startswith("Hello {client}")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "phone"])
def test_nothing_serious_is_found_by_axe_and_it_fits(
    writing_desk: Desk, axe: str, colours: str, size: tuple[int, int]
) -> None:
    found: list[Any] = []
    with opened(size=size, colours=colours, touch=size == NARROW) as page:
        witness = Witness(page, writing_desk.url)
        staff.sign_in(page, writing_desk)
        phone = f"+45201{size[0]:04}{'1' if colours == 'dark' else '0'}"[:11]
        order = with_portrait(page, writing_desk, f"Axe {colours} {size[0]}", phone)
        ask(page, order)
        client = f"{writing_desk.url}{address_of_client(page, order)}"
        asking = f"{order}/tell?kind=approve&language=ru"
        general = [f"{writing_desk.url}{path}" for path in ("/settings/texts", "/orders/board")]
        for url in (order, f"{order}/tell", asking, *general, client):
            page.goto(url)
            page.wait_for_timeout(400)  # a notice has come in
            found += judge(page, axe)
            if size == NARROW:
                assert_fits(page)
        page.click("summary")
        page.fill("#message", " ")
        page.evaluate("document.getElementById('message').required = false")
        page.click("details button")
        page.wait_for_selector("#trouble")
        found += judge(page, axe)
        page.click("button.main")
        page.wait_for_selector("h2:has-text('You have approved it.')")
        found += judge(page, axe)
        witness.errors = [error for error in witness.errors if "status of 4" not in error]
        witness.nothing_happened()

    assert not found
