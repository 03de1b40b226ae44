"""Captions: given by the staff, read by the customer, over the camera and in the player."""

import dataclasses
from pathlib import Path

from tests import clips, pictures
from tests.browser import staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms


def test_from_the_file_to_the_print(desk: Desk, tmp_path: Path) -> None:
    summary = desk.installation.import_portrait(desk.picture, desk.video)
    words = tmp_path / "words.vtt"
    words.write_text("WEBVTT\n\n00:00.000 --> 00:59.000\nHello, Anna\n")
    with opened(size=(1280, 800)) as page:
        witness = Witness(page, desk.url)
        staff.sign_in(page, desk, f"/portraits/{summary['portrait']}")
        page.click("summary:has-text('Captions')")
        page.set_input_files("#captions", words)
        page.click("details[open] button:has-text('Upload')")
        page.wait_for_selector(".toast")
        witness.nothing_happened()

    with opened(pictures.clip("astronaut", FRONTAL), (390, 844)) as phone:
        witness = Witness(phone, desk.url)
        phone.goto(f"{desk.url}/v/{summary['code']}")
        phone.click("#start")
        phone.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        phone.wait_for_selector("#captions:not([hidden])", timeout=WITHIN)
        assert phone.inner_text("#captions") == "Hello, Anna"

        phone.click("#watch")
        phone.wait_for_selector("#captions", state="hidden")
        until(phone, "document.querySelector('#portrait-video').textTracks[0].mode === 'showing'")
        witness.nothing_happened()

    with opened(size=(390, 844), scripts=False) as phone:
        phone.goto(f"{desk.url}/v/{summary['code']}")
        tracks = "document.querySelector('noscript video').textTracks"
        until(phone, f"{tracks}.length === 1 && {tracks}[0].mode === 'showing'")
        until(phone, f"{tracks}[0].cues?.length === 1")
