"""The studio's first day in a real Chromium: from nothing to a print that comes alive."""

import dataclasses
import io
import re
import urllib.request
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk

pytestmark = pytest.mark.xdist_group("first-day")

PHONE = (390, 844)
DESK = (1280, 800)
FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)


def code_of(page: Page, desk: Desk) -> str:
    """What a phone reads in the QR code of the portrait that is shown."""
    link = page.get_attribute("a[download$='.png']", "href")
    with urllib.request.urlopen(f"{desk.url}{link}", timeout=10) as answer:  # noqa: S310 - our own http address
        picture = np.asarray(Image.open(io.BytesIO(answer.read())).convert("L"))
    address: str = cv2.QRCodeDetector().detectAndDecode(picture)[0]
    return address


def test_from_an_empty_installation_to_a_print_that_comes_alive(empty_desk: Desk) -> None:
    with opened(size=DESK) as page:
        witness = Witness(page, empty_desk.url)
        staff.set_up(page, empty_desk)
        page.click("nav >> text=Clients")
        page.click("main >> text=New client >> nth=0")
        page.fill("#name", "Анна Семёнова")
        page.fill("#phone", "+7 916 123-45-67")
        page.click("text=Save")
        page.wait_for_selector("h1:has-text('Анна Семёнова')")
        page.click("main >> text=New portrait >> nth=0")
        staff.choose_files(page, empty_desk.picture, empty_desk.video)
        staff.send(page)
        staff.wait_for_marker(page)
        page.wait_for_selector("#timeline >> text=Marker made")
        address = code_of(page, empty_desk)
        shown = page.input_value("#link")
        witness.nothing_happened()

    assert address == shown
    with opened(pictures.clip("astronaut", FRONTAL)) as phone:
        phone.goto(address)
        phone.click("#start")
        phone.wait_for_selector('body[data-state="found"]', timeout=20_000)


def test_with_the_keyboard_alone(empty_desk: Desk) -> None:
    with opened(size=DESK) as page:
        page.on("filechooser", lambda _: None)  # from now on no dialog of the system opens
        page.goto(empty_desk.url)
        for field, value in (("username", "olga"), ("email", "o@example.com")):
            staff.tab_to(page, field)
            page.keyboard.type(value)
        staff.tab_to(page, "password")
        page.keyboard.type("four words in a row")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{empty_desk.url}/")

        page.keyboard.press("Tab")
        assert staff.focused(page) == "Skip to the content"
        staff.tab_to(page, "New portrait")
        page.keyboard.press("Enter")
        page.wait_for_url("**/portraits/new")
        staff.tab_to(page, "client")
        page.keyboard.type("Anna")
        staff.tab_to(page, "phone")
        page.keyboard.type("+1 202 555 0143")
        for field, path in (("portrait", empty_desk.picture), ("video", empty_desk.video)):
            staff.tab_to(page, field)
            with page.expect_file_chooser() as chooser:
                page.keyboard.press("Enter")
            chooser.value.set_files(path)
        staff.tab_to(page, "Upload")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)
        staff.wait_for_marker(page)

        staff.tab_to(page, "Move to the bin")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        page.keyboard.press("Escape")
        assert staff.focused(page) == "Move to the bin"
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        page.keyboard.press("Enter")  # its first button has the focus
        page.wait_for_selector(".toast >> text=is in the bin")
        staff.tab_to(page, "Undo")
        page.keyboard.press("Enter")
        page.wait_for_selector(".toast >> text=is back")


def test_on_a_phone(desk: Desk) -> None:
    with opened(size=PHONE, touch=True) as page:
        witness = Witness(page, desk.url)
        page.on("filechooser", lambda _: None)  # from now on no dialog of the system opens
        staff.sign_in(page, desk)
        page.tap("main >> text=New portrait >> nth=0")
        page.fill("#client", "Boris")
        page.fill("#phone", "+1 202 555 0144")
        assert page.locator("[data-camera]").count() == 2
        with page.expect_file_chooser() as chooser:
            page.tap("[data-camera] >> nth=0")
        chooser.value.set_files(desk.picture)
        page.set_input_files("#video", desk.video)
        page.tap("button:has-text('Upload')")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)
        staff.wait_for_marker(page)

        for path in ("/", "/clients", "/clients/new", "/portraits", "/portraits/new", "/account"):
            page.goto(f"{desk.url}{path}")
            assert_fits(page)
        witness.nothing_happened()


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen, and what is tapped is large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    small = page.evaluate(
        """[...document.querySelectorAll('.button, .nav a, input:not([type=hidden]), select')]
             .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.9)
             .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert not small, (page.url, small)


def test_without_scripts(desk: Desk) -> None:
    with opened(size=DESK, scripts=False) as page:
        staff.sign_in(page, desk)
        staff.take_in(page, desk, "Clara", "+1 202 555 0145")
        page.click("main >> text=New portrait >> nth=0")
        staff.choose_files(page, desk.picture, desk.video)
        page.click("button:has-text('Upload')")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"))
        assert page.locator(".toast >> text=Saved. The marker is being made.").count() == 1
        for _ in range(40):
            if page.locator("#marker_state .chip.good").count():
                break
            page.wait_for_timeout(250)
            page.reload()
        assert page.locator("#marker_state .chip.good").count() == 1
        page.click(".actions >> text=Move to the bin")
        page.click("button:has-text('Undo')")
        page.wait_for_selector("h1:has-text('Clara')")


@pytest.mark.parametrize("how", ["dropped", "pasted"])
def test_files_are(desk: Desk, how: str) -> None:
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/portraits/new")
        page.fill("#client", "Dora")
        page.fill("#phone", "+1 202 555 0146")
        for zone, path, kind in (
            ("portrait", desk.picture, "image/jpeg"),
            ("video", desk.video, "video/mp4"),
        ):
            give(page, how, zone, path, kind)
        page.wait_for_selector("#portrait_drop.full img")
        page.wait_for_selector("#video_drop.full")
        staff.send(page)
        staff.wait_for_marker(page)


def give(page: Page, how: str, zone: str, path: Path, kind: str) -> None:
    """Drop a file on its place, or paste it anywhere."""
    page.evaluate(
        """([how, zone, name, kind, bytes]) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], name, {type: kind}));
          const options = {bubbles: true, cancelable: true};
          const event = how === 'dropped'
            ? new DragEvent('drop', {...options, dataTransfer: files})
            : new ClipboardEvent('paste', {...options, clipboardData: files});
          const place = how === 'dropped' ? `${zone}_drop` : 'client';
          document.getElementById(place).dispatchEvent(event);
        }""",
        [how, zone, path.name, kind, list(path.read_bytes())],
    )


def test_the_progress_is_seen_on_a_slow_line(desk: Desk, tmp_path: Path) -> None:
    video = tmp_path / "long.mp4"
    video.write_bytes(desk.video.read_bytes())
    padding = 4_000_000
    with video.open("ab") as file:
        file.write(padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/portraits/new")
        page.fill("#client", "Emma")
        page.fill("#phone", "+1 202 555 0147")
        staff.choose_files(page, desk.picture, video)
        seen: list[int] = []
        # told from within: a question may stay without an answer while the page is left
        page.expose_function("noteProgress", lambda value: seen.append(value))
        page.evaluate(WATCH_PROGRESS)
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 20, "downloadThroughput": 10**6,
             "uploadThroughput": 10**6},
        )  # fmt: skip
        page.click("button:has-text('Upload')")
        page.wait_for_selector("progress", state="visible")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=staff.PATIENCE)

    assert seen == sorted(seen)
    assert len({value for value in seen if 0 < value < 100}) >= 5


WATCH_PROGRESS = """
const bar = document.querySelector('#video_drop progress');
new MutationObserver(() => noteProgress(Math.floor(bar.value)))
  .observe(bar, {attributes: true, attributeFilter: ['value']});
"""


def test_what_is_plainly_wrong_is_told_before_it_is_sent(desk: Desk, tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(51 * 1024**2)
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/portraits/new")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
        page.set_input_files("#portrait", huge)
        page.set_input_files("#video", desk.picture)

        assert "51 MB. At most 50 MB" in page.inner_text("#portrait_error")
        assert "This is not a video" in page.inner_text("#video_error")
        page.click("button:has-text('Upload')")
        page.wait_for_selector(".toast.wrong")

        assert not [line for line in sent if line.startswith("POST") and line.endswith("/new")]


def test_a_refusal_keeps_the_other_file(desk: Desk, tmp_path: Path) -> None:
    fake = tmp_path / "fake.mp4"
    fake.write_bytes(b"a video, promised")
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/portraits/new")
        page.fill("#client", "Frida")
        page.fill("#phone", "+1 202 555 0148")
        staff.choose_files(page, desk.picture, fake)
        page.click("button:has-text('Upload')")
        page.wait_for_selector("#video_error:not(:empty)")

        assert "This file is not a video" in page.inner_text("#video_error")
        assert page.input_value("#client") == "Frida"
        page.set_input_files("#video", desk.video)
        staff.send(page)
        staff.wait_for_marker(page)
