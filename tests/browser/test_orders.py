"""Orders in a real Chromium: taken in, moved by mouse, by keys and by thumb, and undone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits

pytestmark = pytest.mark.xdist_group("orders")

DESK, PHONE, NARROW = (1280, 800), (390, 844), (360, 740)
TALL = (1280, 2400)  # the whole board: Playwright loses what it drags when the page scrolls


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with staff.at_work(desk, TALL) as page:
        yield page


def take_in(page: Page, desk: Desk, name: str, phone: str, product: str = "Album") -> str:
    """Take in an order with a new client; its address."""
    page.goto(f"{desk.url}/orders/new")
    page.fill("#client", name)
    page.fill("#phone", phone)
    page.fill("#product", product)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    return page.url


def card(page: Page, name: str) -> str:
    """The selector of a client's card."""
    found = page.locator("[data-card]", has_text=name).first
    return f"#{found.get_attribute('id')}"


def column_of(page: Page, name: str) -> str:
    """In which column a client's card lies."""
    found = page.evaluate(
        "(id) => document.querySelector(id).closest('[data-column]').dataset.column",
        card(page, name),
    )
    return str(found)


def wait_in(page: Page, name: str, column: str) -> None:
    page.wait_for_selector(f"[data-column={column}] [data-card]:has-text('{name}')")


def test_an_order_from_the_form_to_its_portrait(page: Page, desk: Desk) -> None:
    page.click("text=New order >> nth=0")
    page.wait_for_url("**/orders/new")  # with its scripts: what is typed before is not looked at
    page.fill("#client", "Анна Семёнова")
    page.fill("#phone", "+7 916 123-45-67")
    page.fill("#product", "A3 canvas")
    page.fill("#price", "much")
    page.press("#price", "Tab")
    page.wait_for_selector("#price_error:has-text('not an amount')")
    page.fill("#price", "1 500,50")
    page.fill("#due_on", "2026-01-05")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    page.wait_for_selector(".toast:has-text('is saved')")
    assert "€1,500.50" in page.inner_text("main")
    assert page.is_visible(".due.late")
    order = page.url

    page.click("text=Add a portrait")
    staff.choose_files(page, desk.picture, desk.video)
    page.click("button:has-text('Upload')")
    page.wait_for_url(order, timeout=staff.PATIENCE)
    assert page.locator(".card").count() == 1

    page.goto(f"{desk.url}/orders?due=overdue")
    assert page.inner_text("#order_rows .main a") == "Анна Семёнова"


def test_a_known_client_is_offered_and_taken(page: Page, desk: Desk) -> None:
    take_in(page, desk, "Maria Jensen", "+4520123456")

    page.goto(f"{desk.url}/orders/new")
    page.locator("#client").press_sequentially("jensen")
    page.click("#known_clients a:has-text('Maria Jensen')")
    assert page.input_value("#client") == "Maria Jensen"
    assert page.input_value("#phone") == "+4520123456"
    page.click("main button[type=submit]")

    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    page.click("main a:has-text('Maria Jensen')")
    page.wait_for_selector("h1:has-text('Maria Jensen')")
    assert page.locator("table.orders tr").count() == 2


def test_a_card_is_dragged_and_brought_back(page: Page, desk: Desk) -> None:
    take_in(page, desk, "Drag Er", "+4520123457")
    page.goto(f"{desk.url}/orders/board")

    page.drag_and_drop(card(page, "Drag Er"), "[data-column=ready]")
    wait_in(page, "Drag Er", "ready")
    page.click(".toast >> text=Undo")
    wait_in(page, "Drag Er", "new")
    page.drag_and_drop(card(page, "Drag Er"), "[data-column=printed]")

    page.wait_for_selector(".toast.wrong:has-text('VERTEX_PUBLIC_URL')")
    assert column_of(page, "Drag Er") == "new"


def test_what_is_final_is_asked_first(page: Page, desk: Desk) -> None:
    order = take_in(page, desk, "Fin Al", "+4520123458", "Twelve prints")
    page.goto(f"{desk.url}/orders/board")

    page.drag_and_drop(card(page, "Fin Al"), "[data-column=delivered]")
    page.wait_for_selector("h1:has-text('Delivered?')")
    assert "Twelve prints" in page.inner_text("main")
    page.click("main >> text=Cancel")
    page.wait_for_url(re.compile(r"/orders"))
    page.goto(f"{desk.url}/orders/board")
    assert column_of(page, "Fin Al") == "new"
    page.drag_and_drop(card(page, "Fin Al"), "[data-column=delivered]")
    page.click("main button:has-text('Delivered')")
    wait_in(page, "Fin Al", "delivered")

    page.goto(order)
    page.click("text=Print again")
    page.wait_for_selector("[aria-current=step]:has-text('Ready to print')")


def test_of_two_boards_the_later_one_is_told(page: Page, desk: Desk) -> None:
    take_in(page, desk, "Two Boards", "+4520123459")
    page.goto(f"{desk.url}/orders/board")
    other = page.context.new_page()
    other.goto(f"{desk.url}/orders/board")
    other.click(f"{card(other, 'Two Boards')} [data-step=on]")
    wait_in(other, "Two Boards", "in_progress")
    other.close()

    page.drag_and_drop(card(page, "Two Boards"), "[data-column=ready]")

    page.wait_for_selector(".toast.wrong:has-text('meanwhile')")
    wait_in(page, "Two Boards", "in_progress")


def test_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    take_in(page, desk, "Key Board", "+4520123460", "Keyboard print")
    page.goto(desk.url)

    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_url(re.compile(r"/orders#search"))
    page.wait_for_selector("#search:focus")
    page.keyboard.type("keyboard pr")
    page.wait_for_url(re.compile(r"q=keyboard"))
    page.wait_for_selector("#order_rows:not(:has(tr:nth-child(2)))")
    assert staff.focused(page) == "search"
    staff.tab_to(page, "Key Board")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Order')")

    page.goto(f"{desk.url}/orders/board")
    link = card(page, "Key Board").replace("#card", "link")
    staff.tab_to(page, link)
    for key, status in (("]", "in_progress"), ("]", "ready"), ("[", "in_progress"), ("[", "new")):
        page.keyboard.press(key)
        wait_in(page, "Key Board", status)
        page.wait_for_selector(f"#{link}:focus")  # it goes along with the card
    take_in(page, desk, "Next Card", "+4520123461")
    page.goto(f"{desk.url}/orders/board")
    first = page.locator("[data-column=new] .card-link").first
    second = page.locator("[data-column=new] .card-link").nth(1)
    first.focus()
    page.keyboard.press("ArrowDown")
    assert staff.focused(page) == second.get_attribute("id")


def test_a_draft_is_kept_until_it_is_saved(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/orders/new")
    page.fill("#client", "Draft Er")
    page.fill("#notes", "twins, in May")
    page.goto(f"{desk.url}/clients")

    page.goto(f"{desk.url}/orders/new")
    page.wait_for_selector(".draft-note:not([hidden])")
    assert page.input_value("#client") == "Draft Er"
    assert page.input_value("#notes") == "twins, in May"
    page.fill("#phone", "+4520123462")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    page.goto(f"{desk.url}/orders/new")
    assert page.input_value("#client") == ""
    assert page.is_hidden(".draft-note")

    page.fill("#client", "Somebody")
    page.reload()
    page.click("[data-discard]")
    page.wait_for_selector(".draft-note[hidden]", state="attached")
    assert page.input_value("#client") == ""


def test_filters_stay_with_back(page: Page, desk: Desk) -> None:
    take_in(page, desk, "Back Er", "+4520123463", "Backdrop")
    page.goto(f"{desk.url}/orders")
    page.locator("#search").press_sequentially("backdrop")
    page.wait_for_url(re.compile(r"q=backdrop"))
    page.click("#order_rows a:has-text('Back Er')")
    page.wait_for_selector("h1:has-text('Order')")

    page.go_back()

    page.wait_for_selector("#order_rows a:has-text('Back Er')")
    assert page.input_value("#search") == "backdrop"
    assert page.locator("#order_rows tbody tr").count() == 1


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "360"])
def test_on_a_phone(desk: Desk, size: tuple[int, int]) -> None:
    with opened(size=size, touch=True) as page:
        witness = Witness(page, desk.url)
        staff.sign_in(page, desk)
        order = take_in(page, desk, f"Phone {size[0]}", f"+4520123{size[0]}")
        page.tap("button:has-text('On to: In progress')")
        page.wait_for_selector("[aria-current=step]:has-text('In progress')")
        page.tap(".toast >> text=Undo")
        page.wait_for_selector("[aria-current=step]:has-text('New')")
        page.goto(f"{desk.url}/orders/board")
        page.locator(f"{card(page, f'Phone {size[0]}')} [data-step=on]").tap()
        wait_in(page, f"Phone {size[0]}", "in_progress")

        for path in ("/", "/orders", "/orders?all=1", "/orders/board", "/orders/new"):
            page.goto(f"{desk.url}{path}")
            assert_fits(page)
        for url in (order, f"{order}/edit", f"{order}/move?to=delivered"):
            page.goto(url)
            assert_fits(page)
        witness.nothing_happened()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_serious_is_found_by_axe(
    desk: Desk, axe: str, colours: str, size: tuple[int, int]
) -> None:
    found = []
    with opened(size=size, colours=colours) as page:
        staff.sign_in(page, desk)
        order = take_in(page, desk, "Axe", "+4520123470")
        paths = ("/orders", "/orders?q=nothing", "/orders?bin=1", "/orders/board", "/orders/new")
        urls = [f"{desk.url}{path}" for path in paths]
        for url in (*urls, order, f"{order}/edit", f"{order}/move?to=delivered"):
            page.goto(url)
            page.wait_for_timeout(400)  # a notice has come in
            found += judge(page, axe)
        page.keyboard.press("?")
        page.wait_for_selector("dialog#keys[open]")
        found += judge(page, axe)

    assert not found
