"""One contestant looks at one clip: what a customer would see, in figures."""

import dataclasses
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Error, Page, Playwright

from benchmarks.recogniser import markers, memory
from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.footage import Clip, distance
from benchmarks.recogniser.site import Site

CONTESTANTS = ("bare", "vertex", "mindar", "arjs")
NAMES = {"bare": "bare page", "vertex": "Vertex", "mindar": "MindAR", "arjs": "AR.js NFT"}
# Whatever makes the browser's work harder while it runs, given the folder of its profile.
Burden = Callable[[Path], AbstractContextManager[Any]]

FACTS = """
(({lost, woken, long, faults, marks}) =>
  ({lost, woken, long, faults, marks, state: {...document.body.dataset}}))(bench)
"""

MOMENTS = 20  # at which what the page holds is weighed, after the first
BACK = 12  # camera frames that an overlay may be behind


@dataclasses.dataclass(frozen=True)
class Look:
    """How a clip is looked at: times in seconds, the screen in CSS px."""

    screen: tuple[int, int] = (640, 480)
    limit: float = 15.0  # until it counts as not found
    settle: float = 0.5
    count: float = 0.0  # without touching a pixel
    endure: float = 0.0  # weighing what the page holds, again and again
    sample: float = 0.0  # reading the number painted on the frame, which costs the page time


class Stage:
    """The pages of all contestants."""

    def __init__(self, playwright: Playwright, site: Site, studio: dict[str, str]) -> None:
        self._playwright = playwright
        self._site = site
        self._studio = studio

    def show(
        self, contestant: str, clip: Clip, look: Look, burden: Burden = nullcontext
    ) -> dict[str, Any]:
        """Open the contestant's page before a clip and measure; `found` is None if it is not."""
        try:
            return self._show(contestant, clip, look, burden)
        except Error as error:  # a browser that fell over says nothing about a contestant
            print(f"[{contestant}, {clip.situation}: {error.message.splitlines()[0]}; once more]")
            return self._show(contestant, clip, look, burden)

    def _show(self, contestant: str, clip: Clip, look: Look, burden: Burden) -> dict[str, Any]:
        markers.aim(self._site, clip)
        with opened(self._playwright, clip.path, look.screen) as (page, profile), burden(profile):
            page.goto(self._address(contestant, clip), wait_until="commit")
            found = _wait(page, look.limit)
            result: dict[str, Any] = {
                "contestant": contestant,
                "picture": clip.picture,
                "situation": clip.situation,
                "found": found,
            }
            if found is not None and contestant != "bare":
                result |= _follow(page, clip, look)
                if look.endure:
                    result |= _endure(page, profile, look.endure)
            facts: dict[str, Any] = page.evaluate(FACTS)
        return result | facts

    def _address(self, contestant: str, clip: Clip) -> str:
        if contestant == "vertex":
            return self._studio[clip.picture]
        width, height = clip.facts["print"]
        question = f"picture={clip.picture}&aspect={height / width}"
        return f"{self._site.url}/pages/{contestant}.html?{question}"


def _wait(page: Page, limit: float) -> float | None:
    """When the print was first recognised, ms after the navigation began."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        found: float | None = page.evaluate("window.bench?.found ?? null")
        if found is not None:
            return found
        page.wait_for_timeout(100)
    return None


def _follow(page: Page, clip: Clip, look: Look) -> dict[str, Any]:
    result: dict[str, Any] = {}
    page.wait_for_timeout(look.settle * 1000)
    if look.count:
        result["count"] = page.evaluate("(ms) => bench.count(ms)", look.count * 1000)
    if look.sample:
        samples = page.evaluate("(ms) => bench.sample(ms)", look.sample * 1000)
        result["errors"], result["lags"], result["shown"] = _judge(samples, clip)
    return result


def _endure(page: Page, profile: Path, seconds: float) -> dict[str, Any]:
    """What the page holds at each moment, and how often a second the print was seen."""
    began = time.monotonic()
    before = page.evaluate("bench.positions")
    weighed = [{"at": 0.0, **memory.held(page, profile)}]
    for moment in range(1, MOMENTS + 1):
        left = began + seconds * moment / MOMENTS - time.monotonic()
        page.wait_for_timeout(max(0.0, left) * 1000)
        weighed.append({"at": time.monotonic() - began, **memory.held(page, profile)})
    seen = page.evaluate("bench.positions") - before
    return {"memory": weighed, "positions": seen / (time.monotonic() - began)}


def _judge(samples: list[list[float]], clip: Clip) -> tuple[list[float], list[int], list[float]]:
    """Errors against the frame a position was computed from, lags, errors against the shown frame.

    A tracker does not say from which frame it has computed: it is the one that fits best, of that
    shown and those shortly before it.
    """
    truth = clip.facts["corners"]
    errors, lags, shown = [], [], []
    for number, *corners in samples:
        off = {}
        for lag in range(BACK + 1):
            quad = truth[(int(number) - lag) % len(truth)]
            if quad is not None:
                off[lag] = distance(corners, quad)
        if not off:
            continue
        best = min(off, key=lambda lag: off[lag])
        errors.append(round(off[best], 3))
        lags.append(best)
        if 0 in off:
            shown.append(round(off[0], 3))
    return errors, lags, shown


def median(values: list[float]) -> float | None:
    """The median, or None of nothing."""
    return float(np.median(values)) if values else None
