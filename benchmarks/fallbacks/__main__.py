"""`python -m benchmarks.fallbacks`: measure every way in every browser, into docs/benchmarks."""

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.fallbacks.measuring import Row, measured
from benchmarks.fallbacks.table import write
from tests import clips, pictures
from tests.browser import colours, engines, ways
from tests.browser.chromium import opened
from tests.browser.engines import camera
from tests.servers.vertex_server import Installation

MOVING = dataclasses.replace(clips.STANDARD["slow"], focal=520.0)
FOUND = "document.body.dataset.state === 'found'"
WITHIN = 60  # s


def main(names: list[str]) -> None:
    """Measure these browsers, or all."""
    clip = pictures.clip("astronaut", MOVING)
    rows: list[Row] = []
    with _studio() as url:
        for browser in names or ["chromium", *engines.OPENED]:
            direct = ["direct"] if browser == "chromium" else []
            for way in [*direct, *ways.ALL, "chosen"]:
                row = _chromium(url, way, clip) if direct else _other(browser, url, way, clip)
                print(row)
                rows.append(row)
    print(write(rows))


@contextmanager
def _studio() -> Iterator[str]:
    """The address of a page that recognises the astronaut."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "instance").mkdir()
        colours.make_video(folder / "colours.mp4")
        (folder / "astronaut.jpg").write_bytes(pictures.jpeg(pictures.astronaut()))
        installation = Installation(folder / "instance")
        installation.flask("db", "upgrade")
        portrait = installation.import_portrait(folder / "astronaut.jpg", folder / "colours.mp4")
        installation.start()
        try:
            yield f"{installation.url}/v/{portrait['code']}"
        finally:
            installation.stop()


def _chromium(url: str, way: str, clip: Path) -> Row:
    with opened(clip) as page:
        if way != "direct":
            page.add_init_script(ways.WITHOUT_DIRECT_PATH)
        page.goto(url)
        if way in ways.ALL:
            ways.only(page, way)
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN * 1000)
        page.wait_for_timeout(6000)
        return measured(page, "Chromium", _named(way, ways.in_use(page)), clip)


def _other(browser: str, url: str, way: str, clip: Path) -> Row:
    with engines.OPENED[browser]() as page:
        page.goto(url)
        camera.show(page, clip)
        if way in ways.ALL:
            ways.only(page, way)
        page.click("#start")
        page.wait_for(FOUND, WITHIN)
        page.evaluate("() => new Promise((done) => setTimeout(done, 6000))")
        return measured(page, page.engine, _named(way, ways.in_use(page)), clip)


def _named(wanted: str, used: str) -> str:
    return f"by trial: {used}" if wanted == "chosen" else wanted


if __name__ == "__main__":
    main(sys.argv[1:])
