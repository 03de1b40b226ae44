"""Photographs of what customers see."""

import subprocess
from pathlib import Path

from tests import pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from tests.servers.vertex_server import Installation
from tools.screenshots import states
from tools.screenshots.camera import DESK, PHONE, shoot
from vertex.media.ffmpeg import find_ffmpeg


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


def photograph(studio: Installation, portrait: Path, film: Path) -> None:
    """Photograph the customer's page of this portrait in every state, and the check page."""
    _photograph_check(f"{studio.url}/v/check")
    imported = studio.import_portrait(portrait, film)
    states.photograph(Studio(studio, portrait.parent, {"astronaut": imported}))


def _photograph_check(url: str) -> None:
    for size, colours, name in (
        (PHONE, "light", "phone-light"),
        (PHONE, "dark", "phone-dark"),
        (DESK, "light", "desk-light"),
    ):
        with opened(pictures.clip("chelsea", states.ON_A_PHONE), size, colours=colours) as page:
            page.goto(url)
            page.click("#start")
            page.click("#finish")
            page.wait_for_selector('body[data-state="done"]')
            shoot(page, f"check-done-{name}")
