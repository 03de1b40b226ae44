"""Photographs of what customers see."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests import pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from tests.servers.vertex_server import Installation
from tools.screenshots import states
from tools.screenshots.camera import DESK, PHONE, shoot
from vertex.media.ffmpeg import find_ffmpeg


def film_of(portrait: Path, film: Path) -> Path:
    """A film of the portrait in which its colours wander and it comes nearer, with a soft tone."""
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
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=220:duration=8",
    ]
    look = (
        "zoompan=z='1.12+0.1*sin(on/40)':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/3':d=200:s=600x800:fps=25,"
        "hue=h='150+60*sin(t)':s=1.6,format=yuv420p"
    )
    command += [
        "-vf",
        look,
        "-t",
        "8",
        "-c:v",
        "libx264",
        "-c:a",
        "aac",
        "-movflags",
        "+faststart",
        str(film),
    ]
    subprocess.run(command, check=True)  # noqa: S603 - ffmpeg on our own picture
    return film


def photograph(studio: Installation, portrait: Path, film: Path, words: Sequence[str] = ()) -> None:
    """Photograph the customer's page of this portrait in every state, and the check page.

    With words only the states whose names have one of them.
    """
    if not words:
        _photograph_check(f"{studio.url}/v/check")
    shown = Studio(studio, portrait.parent, {"astronaut": studio.import_portrait(portrait, film)})
    for name in ("chelsea", "coffee"):
        path = portrait.parent / f"{name}.jpg"
        path.write_bytes(pictures.jpeg(pictures.PICTURES[name]()))
        shown.portraits[name] = studio.import_portrait(path, film)
    states.photograph(shown, words)


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
