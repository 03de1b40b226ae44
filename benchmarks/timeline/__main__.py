"""`make bench-timeline`: what a customer waits for on a thin line, beside MindAR and AR.js.

python -m benchmarks.timeline [--rounds 5]
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright

from benchmarks.recogniser import footage, markers, peers
from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.footage import PORTRAIT, Clip
from benchmarks.recogniser.site import served
from benchmarks.recogniser.studio import open_for
from benchmarks.timeline import report
from benchmarks.timeline.line import FAST_3G, Line
from benchmarks.timeline.line import opened as line_opened
from tests.browser.chromium import driver

CLIP = Clip(PORTRAIT, "frontal")
SCREEN = (390, 844)
LIMIT = 90.0  # s
SCRIPT = Path(__file__).with_name("timeline.js")
MARKS = "({...bench.marks, found: bench.found})"
CALM = 6000  # ms in which the service worker keeps what was used


class Contest:
    """The pages, each behind its own thin line."""

    def __init__(self, playwright: Playwright, stack: ExitStack) -> None:
        fetched = peers.fetch()
        folders = {"mindar": fetched.mindar, "arjs": fetched.arjs}
        site = stack.enter_context(served(markers.made(), folders, small=True))
        if not markers.complete(site, [PORTRAIT]):
            markers.measure(site, fetched, [PORTRAIT])
        markers.aim(site, CLIP)
        studio = stack.enter_context(open_for([PORTRAIT], site.made / "pictures", small=True))
        self._playwright = playwright
        self._addresses = {"vertex": studio[PORTRAIT]}
        width, height = CLIP.facts["print"]
        for peer in ("bare", "mindar", "arjs"):
            question = f"picture={PORTRAIT}&aspect={height / width}"
            self._addresses[peer] = f"{site.url}/pages/{peer}.html?{question}"

    def visit(self, who: str) -> list[dict[str, Any]]:
        """One visit with a new browser, and for ours a second one with the same."""
        with self._thin(who) as (line, address), self._phone() as page:
            visits = [{"who": who, **_watch(page, address, line, film=who != "bare")}]
            if who == "vertex":
                page.wait_for_timeout(CALM)
                visits.append({"who": "again", **_watch(page, address, line, film=True)})
        return visits

    @contextmanager
    def _thin(self, who: str) -> Iterator[tuple[Line, str]]:
        address = urlsplit(self._addresses[who])
        with line_opened(address.port or 80, FAST_3G) as line:
            near = address._replace(netloc=f"{address.hostname}:{line.port}")
            yield line, near.geturl()

    @contextmanager
    def _phone(self) -> Iterator[Page]:
        with opened(self._playwright, CLIP.path, SCREEN) as (page, _):
            page.add_init_script(path=SCRIPT)
            yield page


def _watch(page: Page, address: str, line: Line, *, film: bool) -> dict[str, Any]:
    before = line.fetched
    page.goto(address, wait_until="commit")
    until = time.monotonic() + LIMIT
    last = "film" if film else "found"
    marks: dict[str, float | None] = {}
    while time.monotonic() < until and marks.get(last) is None:
        page.wait_for_timeout(100)
        marks = page.evaluate(MARKS)
    return {"marks": marks, "bytes": line.fetched - before}


def main() -> None:
    """Measure, and write docs/benchmarks/timeline.md."""
    parser = argparse.ArgumentParser("benchmarks.timeline", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    footage.prepare(quick=True)
    with ExitStack() as stack:
        contest = Contest(driver(), stack)
        visits = [
            visit
            for turn in range(rounds + 1)
            for who in ("bare", "vertex", "mindar", "arjs")
            for visit in contest.visit(who)
            if turn  # the first round finds the files not yet compressed
        ]
    print(report.write(visits, FAST_3G))


if __name__ == "__main__":
    main()
