"""Photographs of the customer's page at work, for the README: `python -m tools.screenshots`."""

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser.chromium import opened
from tests.servers.vertex_server import Installation
from vertex.media.ffmpeg import find_ffmpeg

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
PHONE = (390, 844)
DESK = (1280, 800)
ON_A_PHONE = clips.Shot(scale=0.44, tilt=14, yaw=-12, roll=-5, size=(480, 640), frames=90)
ON_A_DESK = clips.Shot(scale=0.7, tilt=22, yaw=18, roll=4, frames=90)


def main() -> None:
    """Write the pictures under docs/screenshots."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        studio, url = _studio(Path(folder))
        try:
            _photograph(url)
        finally:
            studio.stop()


def _studio(folder: Path) -> tuple[Installation, str]:
    """A running installation with the astronaut's portrait, and the address of its page."""
    portrait = folder / "portrait.jpg"
    portrait.write_bytes(pictures.jpeg(pictures.astronaut()))
    studio = Installation(folder / "instance")
    studio.instance.mkdir()
    studio.flask("db", "upgrade")
    summary = studio.import_portrait(portrait, _film(portrait, folder / "film.mp4"))
    studio.start()
    return studio, summary["url"]


def _film(portrait: Path, film: Path) -> Path:
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


def _photograph(url: str) -> None:
    upright = pictures.clip("astronaut", ON_A_PHONE)
    for colours in ("light", "dark"):
        with opened(upright, PHONE, colours=colours) as page:
            page.goto(url)
            _shoot(page, f"customer-ready-phone-{colours}")
            page.goto(f"{url}?camera=no")
            _shoot(page, f"customer-fallback-phone-{colours}")
        with opened(None, DESK, colours=colours) as page:
            page.goto(url)
            _shoot(page, f"customer-ready-desk-{colours}")
            page.goto(f"{url}?camera=no")
            _shoot(page, f"customer-fallback-desk-{colours}")
    with opened(pictures.clip("chelsea", ON_A_PHONE), PHONE) as page:
        _start(page, url, "scanning")
        _shoot(page, "customer-scanning-phone")
    with opened(upright, PHONE) as page:
        _start(page, url, "found")
        _shoot(page, "customer-found-phone")
    with opened(pictures.clip("astronaut", ON_A_DESK), DESK) as page:
        _start(page, url, "found")
        _shoot(page, "customer-found-desk")


def _start(page: Page, url: str, state: str) -> None:
    page.goto(url)
    page.click("#start")
    page.wait_for_selector(f'body[data-state="{state}"]')
    page.wait_for_timeout(1500)


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(500)
    page.screenshot(path=str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    main()
