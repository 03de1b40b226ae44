"""Large videos over lines and servers that break, and what becomes of them, in a real Chromium."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from tests.browser import staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.test_first_day import assert_fits
from tests.media import samples

pytestmark = pytest.mark.xdist_group("large-uploads")

DESK = (1280, 800)
PATIENCE = 60_000  # ms
# how much of the films is made, once that is more than before and not all
PART_DONE = """(before) => {
    const bar = document.querySelector('#video_state progress');
    return bar && bar.value > before && bar.value < 1 ? bar.value : false;
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a phone makes: HEVC with ten bits, turned; some 40 MB of it."""
    folder = tmp_path_factory.mktemp("film")
    source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=4", *samples.TONE]
    coded = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]
    flat = samples.video(
        folder / "flat.mov", *source, *coded, "-pix_fmt", "yuv420p10le", *samples.AAC
    )
    turned = ["-i", str(flat), "-c", "copy", "-metadata:s:v", "rotate=90"]
    path = samples.video(folder / "phone.mov", *turned)
    with path.open("ab") as file:  # a box that players skip
        padding = 40 * 1024**2 - path.stat().st_size
        file.write(padding.to_bytes(4, "big") + b"free")
        file.truncate(40 * 1024**2)
    return path


@pytest.fixture
def phones_desk(desk: Desk, film: Path) -> Iterator[Desk]:
    yield Desk(desk.installation, desk.picture, film)


def slow_down(page: Page, bytes_per_second: float) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 5,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_second,
        },
    )


def begin(page: Page, desk: Desk, name: str, phone: str) -> None:
    """Fill in the form and press the button."""
    staff.sign_in(page, desk, "/portraits/new")
    page.fill("#client", name)
    page.fill("#phone", phone)
    staff.choose_files(page, desk.picture, desk.video)
    slow_down(page, 6e6)
    page.click("button:has-text('Upload')")


def percent(page: Page) -> int:
    return int(re.sub(r"\D", "", page.text_content("#video_drop .percent") or "") or 0)


def wait_for_percent(page: Page, least: int) -> None:
    for _ in range(300):
        if percent(page) >= least:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{percent(page)} %")


def ready(page: Page) -> None:
    page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=PATIENCE)
    page.wait_for_selector("#video_state .chip.good", timeout=PATIENCE)


def test_what_a_phone_films_is_told_in_words(phones_desk: Desk) -> None:
    with opened(size=DESK) as page:
        witness = Witness(page, phones_desk.url)
        begin(page, phones_desk, "Anna", "+1 202 555 0151")
        ready(page)
        page.click("text=What was found and changed")
        words = page.text_content(".findings") or ""
        page.wait_for_selector("#timeline >> text=Video prepared")
        witness.nothing_happened()

    for said in ("QuickTime (MOV)", "HEVC (H.265)", "8 bits", "90°", "LUFS"):
        assert said in words


def test_goes_on_after_the_server_was_started_anew(phones_desk: Desk) -> None:
    begun: list[int] = []  # where each piece begins that is sent after the kill
    with opened(size=DESK) as page:
        begin(page, phones_desk, "Bella", "+1 202 555 0152")
        wait_for_percent(page, 45)
        phones_desk.installation.kill()
        page.on("request", lambda request: begun.extend(offsets_of(request)))
        page.wait_for_selector("text=The connection is gone. What was sent stays", timeout=PATIENCE)
        before = percent(page)
        phones_desk.installation.start()
        wait_for_percent(page, before)
        ready(page)

    assert before >= 40
    assert begun
    assert min(begun) > 0


def offsets_of(request: Request) -> list[int]:
    """Where a piece begins that a browser sends."""
    return [int(request.headers["upload-offset"])] if request.method == "PATCH" else []


def test_how_much_is_converted_is_seen_on_the_page(desk: Desk, tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=25"]
    film = samples.video(tmp_path / "long.mov", *source, "-c:v", "mpeg4", "-q:v", "12")
    with opened(size=DESK) as page:
        begin(page, Desk(desk.installation, desk.picture, film), "Hanna", "+1 202 555 0158")
        page.wait_for_url(re.compile(r"/portraits/[0-9a-f-]{36}$"), timeout=PATIENCE)
        first = page.wait_for_function(PART_DONE, arg=0, timeout=PATIENCE).json_value()
        later = page.wait_for_function(PART_DONE, arg=first, timeout=PATIENCE).json_value()
        ready(page)

    assert 0 < first < later < 1


def test_goes_on_where_it_was_after_the_page_was_closed(phones_desk: Desk) -> None:
    with opened(size=DESK) as page:
        begin(page, phones_desk, "Clara", "+1 202 555 0153")
        wait_for_percent(page, 50)
        page.goto(f"{phones_desk.url}/portraits/new")
        staff.choose_files(page, phones_desk.picture, phones_desk.video)
        page.fill("#client", "Clara")
        page.fill("#phone", "+1 202 555 0153")
        page.click("button:has-text('Upload')")
        page.wait_for_selector("#video_drop .percent:not([hidden])")
        page.wait_for_timeout(300)
        first_seen = percent(page)
        ready(page)

    assert first_seen >= 40


def test_what_cannot_be_used_is_told_at_its_field(desk: Desk, tmp_path: Path) -> None:
    film = tmp_path / "promised.mp4"
    film.write_bytes(b"a film, promised" * 600_000)
    with opened(size=DESK) as page:
        begin(page, Desk(desk.installation, desk.picture, film), "Dora", "+1 202 555 0154")
        page.wait_for_selector(
            "#video_error:has-text('This file is not a video')", timeout=PATIENCE
        )

    assert list((desk.installation.instance / "uploads").glob("*")) == []


def test_how_it_plays_is_changed_without_a_second_upload(phones_desk: Desk) -> None:
    with opened(size=DESK) as page:
        begin(page, phones_desk, "Eva", "+1 202 555 0155")
        ready(page)
        page.click("text=How it plays")
        page.fill("#start_s", "9")
        page.click("#wishes_form >> text=Save")
        page.wait_for_selector("#start_s_error:has-text('this lies outside')")
        page.fill("#start_s", "1")
        page.fill("#end_s", "2,5")
        page.select_option("#fit", "contain")
        page.check("#muted")
        page.click("#wishes_form >> text=Save")
        page.wait_for_selector(".toast >> text=Saved.")
        page.wait_for_selector("#video_state .chip.good", timeout=PATIENCE)
        page.wait_for_selector("text=/1.5 s, without sound/", timeout=PATIENCE)


def test_the_page_fits_on_a_phone(phones_desk: Desk) -> None:
    with opened(size=(390, 844), touch=True) as page:
        begin(page, phones_desk, "Fanny", "+1 202 555 0156")
        ready(page)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        page.wait_for_timeout(300)
        assert_fits(page)


def test_a_failure_is_told_and_tried_again(phones_desk: Desk) -> None:
    with opened(size=DESK) as page:
        begin(page, phones_desk, "Gala", "+1 202 555 0157")
        ready(page)
        portrait = page.url.rpartition("/")[2]
        sources = phones_desk.installation.instance / "media" / "videos"
        source = max(sources.rglob("*.mov"), key=lambda path: path.stat().st_mtime)
        kept = source.with_suffix(".kept")
        shutil.copy(source, kept)
        source.write_bytes(b"damaged")
        page.click("text=How it plays")
        page.check("#muted")
        page.click("#wishes_form >> text=Save")
        page.wait_for_selector("text=The stored file is damaged.", timeout=PATIENCE)
        shutil.move(kept, source)
        page.click("text=Try again")
        page.wait_for_selector("text=without sound", timeout=PATIENCE)

    assert portrait
