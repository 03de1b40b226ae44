"""`python -m benchmarks.weights`: what a first scan fetches, file by file, into docs/benchmarks."""

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import pictures
from tests.browser import colours
from tests.browser.chromium import opened
from tests.browser.test_weights import FRONTAL, WITHIN, Scale, worker_weights
from tests.servers.vertex_server import Installation

TARGET = Path(__file__).parents[1] / "docs" / "benchmarks" / "weights-by-file.md"
READ = 1000  # ms for which somebody reads before the tap

_HEAD = """# What a first scan weighs, file by file

Written by `python -m benchmarks.weights` on {date}: Chromium {version}, 390 × 844, the
astronaut's portrait, an installation as `make run` starts it. Bytes as they come over the line,
compressed, with headers. What it means, and the limits that a test holds, is in
[weights.md](weights.md).
"""
_TABLE = (
    "\n## {title}\n\n| file | bytes |\n| --- | ---: |\n{rows}\n| **together** | **{sum:,}** |\n"
)


def main() -> None:
    """Weigh and write."""
    with _studio() as (url, code):
        version, before, after = _weigh(f"{url}/v/{code}")
    text = _HEAD.format(date=datetime.datetime.now(datetime.UTC).date(), version=version)
    for title, weights in (
        ("Before the tap", before),
        ("Between the tap and the first picture of the video", after),
    ):
        text += _table(title, {name.replace(code, "CODE"): size for name, size in weights.items()})
    TARGET.write_text(text)
    print(text)


@contextmanager
def _studio() -> Iterator[tuple[str, str]]:
    """The address of a server, and the code of the astronaut's portrait."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "instance").mkdir()
        colours.make_video(folder / "colours.mp4")
        (folder / "astronaut.jpg").write_bytes(pictures.jpeg(pictures.astronaut()))
        installation = Installation(folder / "instance")
        installation.flask("db", "upgrade")
        installation.flask("static", "compress")
        portrait = installation.import_portrait(folder / "astronaut.jpg", folder / "colours.mp4")
        installation.start()
        try:
            yield installation.url, portrait["code"]
        finally:
            installation.stop()


def _weigh(url: str) -> tuple[str, dict[str, int], dict[str, int]]:
    """The browser's version, and what came before the tap and after it, without the video."""
    clip = pictures.clip("astronaut", FRONTAL)
    with opened(clip, (390, 844), service_workers="block") as page:
        scale = Scale(page)
        page.goto(url, wait_until="load")
        page.wait_for_timeout(READ)
        before = {**scale.weights, **worker_weights(page)}
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        page.wait_for_timeout(500)  # what has come is weighed a little later
        whole = {**scale.weights, **worker_weights(page)}
        browser = page.context.browser
        version = browser.version if browser else _version(page.evaluate("navigator.userAgent"))
    new = {name: size for name, size in whole.items() if name not in before}
    return version, before, {name: size for name, size in new.items() if "/video/" not in name}


def _version(agent: str) -> str:
    return agent.partition("Chrome/")[2].partition(" ")[0]


def _table(title: str, weights: dict[str, int]) -> str:
    ordered = sorted(weights.items(), key=lambda row: -row[1])
    rows = "\n".join(f"| `{name}` | {size:,} |" for name, size in ordered)
    return _TABLE.format(title=title, rows=rows, sum=sum(weights.values()))


if __name__ == "__main__":
    main()
