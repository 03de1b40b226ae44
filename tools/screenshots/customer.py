"""Photographs of the customer's page at work."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser.chromium import opened
from tools.screenshots.camera import DESK, PHONE, shoot
from vertex.media.ffmpeg import find_ffmpeg

ON_A_PHONE = clips.Shot(scale=0.44, tilt=14, yaw=-12, roll=-5, size=(480, 640), frames=90)
ON_A_DESK = clips.Shot(scale=0.7, tilt=22, yaw=18, roll=4, frames=90)


def film_of(portrait: Path, film: Path) -> Path:
    """A film of the portrait in which its colours wander and it comes nearer."""
    command = [
        find_ffmpeg(),
        "-nostdin",
        "-loglevel",
        "error",
        "-y",
        "-loop",
        "1",
        "-i",
        str(portrait),
    ]
    look = (
        "zoompan=z='1.12+0.1*sin(on/40)':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/3':d=200:s=600x800:fps=25,"
        "hue=h='150+60*sin(t)':s=1.6,format=yuv420p"
    )
    command += ["-vf", look, "-t", "8", "-c:v", "libx264", "-movflags", "+faststart", str(film)]
    subprocess.run(command, check=True)  # noqa: S603 - ffmpeg on our own picture
    return film


def photograph(url: str) -> None:
    """Photograph the customer's page at this address in every state, and the check page."""
    _photograph_check(url.rpartition("/")[0] + "/check")
    upright = pictures.clip("astronaut", ON_A_PHONE)
    for colours in ("light", "dark"):
        with opened(upright, PHONE, colours=colours) as page:
            page.goto(url)
            shoot(page, f"customer-ready-phone-{colours}")
            page.goto(f"{url}?camera=no")
            shoot(page, f"customer-fallback-phone-{colours}")
        with opened(None, DESK, colours=colours) as page:
            page.goto(url)
            shoot(page, f"customer-ready-desk-{colours}")
            page.goto(f"{url}?camera=no")
            shoot(page, f"customer-fallback-desk-{colours}")
    with opened(pictures.clip("chelsea", ON_A_PHONE), PHONE) as page:
        _start(page, url, "scanning")
        shoot(page, "customer-scanning-phone")
    with opened(upright, PHONE) as page:
        _start(page, url, "found")
        shoot(page, "customer-found-phone")
    with opened(pictures.clip("astronaut", ON_A_DESK), DESK) as page:
        _start(page, url, "found")
        shoot(page, "customer-found-desk")


def _photograph_check(url: str) -> None:
    for size, colours, name in (
        (PHONE, "light", "phone-light"),
        (PHONE, "dark", "phone-dark"),
        (DESK, "light", "desk-light"),
    ):
        with opened(pictures.clip("chelsea", ON_A_PHONE), size, colours=colours) as page:
            page.goto(url)
            page.click("#start")
            page.click("#finish")
            page.wait_for_selector('body[data-state="done"]')
            shoot(page, f"check-done-{name}")


def _start(page: Page, url: str, state: str) -> None:
    page.goto(url)
    page.click("#start")
    page.wait_for_selector(f'body[data-state="{state}"]')
    page.wait_for_timeout(1500)
