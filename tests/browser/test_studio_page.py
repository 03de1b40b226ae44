"""The page of the studio in a real Chromium: name, colour and logo, on a desk and on a phone."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.browser import staff
from tests.browser.chromium import opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until

pytestmark = pytest.mark.xdist_group("studio-page")

DESK, PHONE = (1280, 800), (390, 844)
PICTURE = ".customer.light .studio-logo"
BUTTON = ".customer.{} .customer-start"


on_desk_and_phone = pytest.mark.parametrize(
    "page", [DESK, PHONE], indirect=True, ids=["desk", "phone"]
)


@pytest.fixture
def page(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Olga on the page of the studio, of which nothing is known."""
    size = getattr(request, "param", DESK)
    with staff.at_work(desk, size, touch=size == PHONE) as page:
        open_page(page, phone=size == PHONE)
        yield page
        for name in ("name", "accent", "phone", "email", "website", "address"):
            page.fill(f"#{name}", "")
        save(page)


@pytest.fixture(scope="module")
def logo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blue disc on nothing."""
    image = Image.new("RGBA", (800, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((250, 50, 550, 350), fill=(43, 108, 176, 255))
    path = tmp_path_factory.mktemp("logo") / "logo.png"
    image.save(path)
    return path


def open_page(page: Page, *, phone: bool) -> None:
    """Go to the page as people do: by the bar on a desk, by their account on a phone."""
    if phone:
        page.click("nav >> text=Profile")
        page.click("main >> text=Studio")
    else:
        page.click("nav >> text=Studio")
    page.wait_for_selector("h1:has-text('Studio')")


def save(page: Page) -> None:
    """Save, and wait until it is said on the page that comes then."""
    with page.expect_navigation():
        page.click("#studio_form button[type=submit]")
    page.wait_for_selector(".toast:has-text('Saved.')")


def middle_of(page: Page, selector: str) -> tuple[int, ...]:
    """The colour that is seen a little beside the middle's left, where no letters are."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB")
    found = picture.getpixel((picture.width // 6, picture.height // 2))
    assert isinstance(found, tuple)
    return found


def ink_of(page: Page, kind: str) -> str:
    found: str = page.locator(BUTTON.format(kind)).evaluate(
        "button => getComputedStyle(button).color"
    )
    return found


@on_desk_and_phone
def test_a_name_and_a_colour_are_seen_before_they_are_saved(page: Page, desk: Desk) -> None:
    page.fill("#name", "Ателье «Свет»")
    page.fill("#accent", "#ffd500")

    page.wait_for_selector(".customer.dark rect[fill='#ffd500']")
    assert middle_of(page, BUTTON.format("dark")) == (255, 213, 0)
    assert ink_of(page, "dark") == "rgb(0, 0, 0)"
    light = middle_of(page, BUTTON.format("light"))
    assert light != (255, 213, 0)
    assert ink_of(page, "light") == "rgb(255, 255, 255)"
    assert page.locator(".studio-name").all_inner_texts() == ["Ателье «Свет»"] * 2
    assert page.input_value("[data-colour-of=accent]") == "#ffd500"
    page.reload()
    assert page.input_value("#name") == ""

    page.fill("#name", "Ателье «Свет»")
    page.fill("#accent", "#ffd500")
    save(page)

    assert page.input_value("#name") == "Ателье «Свет»"
    assert middle_of(page, BUTTON.format("light")) == light


def test_a_colour_that_is_picked_is_written(page: Page) -> None:
    page.fill("[data-colour-of=accent]", "#2b6cb0")

    page.wait_for_selector(".customer.light rect[fill='#2b6cb0']")
    assert page.input_value("#accent") == "#2b6cb0"
    save(page)
    assert page.input_value("#accent") == "#2b6cb0"


def test_what_is_wrong_is_told_and_the_preview_goes_on(page: Page) -> None:
    page.fill("#phone", "12")
    page.click("#studio_form button[type=submit]")
    page.wait_for_selector("#phone_error:has-text('is not a phone number')")

    page.wait_for_selector("#phone:focus")
    assert page.is_visible("[data-colour-of=accent]")
    page.fill("#phone", "+7 916 123-45-67")
    page.wait_for_selector(".customer.light >> text=+7 916 123-45-67")
    save(page)


@on_desk_and_phone
def test_a_logo_is_chosen_seen_replaced_and_removed(page: Page, logo: Path, desk: Desk) -> None:
    page.set_input_files("#logo", logo)
    page.wait_for_selector(".drop-show img")
    assert "kB" in page.inner_text(".drop-name")

    page.click("text=Upload the logo")
    page.wait_for_selector(".toast:has-text('Saved.')")

    assert page.locator(PICTURE).evaluate("image => [image.complete, image.naturalWidth]") == [
        True,
        640,
    ]
    picture = Image.open(io.BytesIO(page.locator(PICTURE).screenshot())).convert("RGB")
    assert picture.getpixel((2, 2)) == (246, 241, 234)  # the paper shines through
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (43, 108, 176)

    page.click("text=Remove the logo")
    page.wait_for_selector(".toast:has-text('The logo is removed.')")
    assert page.locator(PICTURE).count() == 0


def test_a_file_that_is_no_picture_is_refused(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(b"%PDF-1.7 no picture")
    page.set_input_files("#logo", path)

    page.click("text=Upload the logo")

    page.wait_for_selector("#logo_error:has-text('A picture in PDF cannot be used.')")
    assert page.get_attribute("#logo", "aria-invalid") == "true"


def test_it_works_without_scripts(desk: Desk, logo: Path) -> None:
    with opened(size=DESK, scripts=False) as page:
        staff.sign_in(page, desk, "/settings")
        assert page.is_hidden("[data-colour-of=accent]")
        page.fill("#name", "Plain")
        page.fill("#accent", "#2b6cb0")
        save(page)
        assert page.locator(".studio-name").all_inner_texts() == ["Plain"] * 2
        assert middle_of(page, BUTTON.format("light")) == (43, 108, 176)
        page.set_input_files("#logo", logo)
        page.click("text=Upload the logo")
        page.wait_for_selector(PICTURE)
        page.click("text=Remove the logo")
        page.wait_for_selector(".toast:has-text('The logo is removed.')")
        page.fill("#name", "")
        page.fill("#accent", "")
        save(page)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_customers_get_the_colours_of_their_time_of_day(
    desk: Desk, colours: str, tmp_path: Path
) -> None:
    """A page that has the customers' stylesheet, and then the studio's."""
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/settings")
        page.fill("#accent", "#ffd500")
        save(page)
        expected = page.locator(f".customer.{colours} rect").get_attribute("fill")
    with opened(size=PHONE, colours=colours) as phone:
        phone.goto(f"{desk.url}/v/check")
        before = accent(phone)
        phone.evaluate(ADD_STYLESHEET)
        for _ in range(100):
            if accent(phone) != before:
                break
            phone.wait_for_timeout(100)

        assert before != expected
        assert accent(phone) == expected


@pytest.fixture
def branded(desk: Desk, logo: Path) -> Iterator[dict[str, str]]:
    """A studio with a face; the accent that it has by day and by night."""
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/settings")
        page.fill("#name", "Foto Aurora")
        page.fill("#accent", "#2b6cb0")
        save(page)
        page.set_input_files("#logo", logo)
        page.click("text=Upload the logo")
        page.wait_for_selector(f"{PICTURE}[src*='/v/studio/']")
        yield {
            kind: page.locator(f".customer.{kind} rect").get_attribute("fill") or ""
            for kind in ("light", "dark")
        }
        page.goto(f"{desk.url}/settings")
        page.click("text=Remove the logo")
        page.wait_for_selector(".toast:has-text('The logo is removed.')")
        for name in ("name", "accent"):
            page.fill(f"#{name}", "")
        save(page)


def test_a_portrait_is_shown_with_the_studios_face(desk: Desk, branded: dict[str, str]) -> None:
    code = desk.installation.import_portrait(desk.picture, desk.video)["code"]

    for colours, expected in branded.items():
        for scripts in (True, False):
            with opened(size=PHONE, colours=colours, scripts=scripts) as phone:
                phone.goto(f"{desk.url}/v/{code}")
                phone.wait_for_load_state("load")

                assert phone.inner_text("#studio") == "Foto Aurora"
                width = "document.querySelector('#studio img').naturalWidth"
                assert phone.evaluate(width) > 0
                assert accent(phone) == expected
                buttons = "[...document.querySelectorAll('button, .button')]"
                if scripts:  # which of them is the main one depends on the camera
                    seen = f"getComputedStyle(button).backgroundColor === '{rgb(expected)}'"
                    until(phone, f"{buttons}.some((button) => {seen})")


def rgb(colour: str) -> str:
    """A colour as a browser tells it."""
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


ADD_STYLESHEET = """new Promise((done) => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = '/v/studio/colours.css';
  link.onload = done;
  document.head.append(link);
})"""


def accent(page: Page) -> str:
    """The accent that rules on this page."""
    found: str = page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
    )
    return found
