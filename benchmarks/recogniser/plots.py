"""The plots of the report: error over situation, and the time until the print is recognised."""

import itertools
import math
from pathlib import Path
from typing import Any

from benchmarks.recogniser import figures
from benchmarks.recogniser.figures import Visit, median, percentile
from benchmarks.recogniser.footage import PORTRAIT, WORDS
from benchmarks.recogniser.svg import BAND, COLOURS, GRID, INK, SOFT, Drawing
from benchmarks.recogniser.viewing import NAMES

TRACKERS = ("vertex", "mindar", "arjs")

_LEFT, _RIGHT, _TOP, _ROW = 250, 110, 92, 26
_WIDTH = 900
_LOW, _HIGH = 0.05, 200.0  # px of error at the ends of the axis


def errors(visits: list[Visit], path: Path) -> None:
    """Draw the median error of each clip, with a line to its 95th percentile."""
    groups = figures.by_clip(visits)
    height = _TOP + _ROW * len(groups) + 62
    drawing = Drawing(_WIDTH, height, "Error of the overlay's corners in each situation")
    drawing.text(20, 32, "Error of the overlay's corners", size=17, bold=True)
    drawing.text(
        20, 54, "median and 95th percentile, px of the 640×480 camera frame, logarithmic",
        colour=SOFT,
    )  # fmt: skip
    _legend(drawing, TRACKERS, 20, 76)
    bottom = _TOP + _ROW * len(groups)
    for row in range(0, len(groups), 2):
        drawing.bar(10, _TOP + _ROW * row, _WIDTH - 20, _ROW, BAND)
    for value in (0.1, 0.3, 1, 3, 10, 30, 100):
        drawing.line(_at(value), _TOP, _at(value), bottom)
        drawing.text(_at(value), bottom + 20, f"{value:g}", anchor="middle", colour=SOFT)
    drawing.text(_at(3), bottom + 44, "px", anchor="middle", colour=SOFT)
    drawing.text(_WIDTH - 55, bottom + 20, "not found", anchor="middle", colour=SOFT)
    for row, ((picture, situation), seen) in enumerate(groups.items()):
        y = _TOP + _ROW * (row + 0.5)
        drawing.text(_LEFT - 14, y + 4.5, _words(picture, situation), anchor="end")
        for k, who in enumerate(TRACKERS):
            _error(drawing, figures.of(seen, who), who, y + 6 * (k - 1), k)
    drawing.write(path)


def _error(drawing: Drawing, visits: list[Visit], who: str, y: float, k: int) -> None:
    off = figures.errors(visits)
    middle, most = median(off), percentile(off, 95)
    if not figures.found(visits):
        drawing.cross(_WIDTH - 75 + 20 * k, y - 6 * (k - 1), COLOURS[who])
    elif middle is not None and most is not None:
        drawing.line(_at(middle), y, _at(most), y, COLOURS[who])
        drawing.dot(_at(middle), y, COLOURS[who])


def _at(error: float) -> float:
    """Where an error is on the axis."""
    within = min(max(error, _LOW), _HIGH)
    share = math.log(within / _LOW) / math.log(_HIGH / _LOW)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _words(picture: str, situation: str) -> str:
    return WORDS[situation] if picture == PORTRAIT else f"{picture}: frontal"


def starts(visits: list[Visit], path: Path) -> None:
    """Draw the median time until recognised, on top of the bare page's, and every run."""
    everyone = ("bare", *TRACKERS)
    times = {who: [v["found"] for v in figures.of(visits, who) if v["found"]] for who in everyone}
    longest = max((t for all_ in times.values() for t in all_), default=1.0) * 1.04
    floor = median(times["bare"]) or 0
    step = 46
    bottom = 76 + step * len(everyone)
    drawing = Drawing(_WIDTH, bottom + 58, "From the navigation to the first recognised frame")
    drawing.text(20, 32, "From the navigation to the first recognised frame", size=17, bold=True)
    drawing.text(
        20, 54, "median; grey: what A-Frame and the camera take; dots: every run", colour=SOFT
    )

    def at(ms: float) -> float:
        return 120 + ms / longest * (_WIDTH - 120 - 130)

    tick = 500 if longest < 5000 else 1000 if longest < 12000 else 2000
    for ms in range(0, int(longest) + 1, tick):
        drawing.line(at(ms), 76, at(ms), bottom)
        drawing.text(at(ms), bottom + 20, f"{ms / 1000:g}", anchor="middle", colour=SOFT)
    drawing.text(at(longest / 2), bottom + 44, "seconds", anchor="middle", colour=SOFT)
    for row, who in enumerate(everyone):
        y = 76 + step * row
        whole = median(times[who])
        drawing.text(108, y + 25, NAMES[who], anchor="end", bold=who == "vertex")
        if whole is None:
            continue
        drawing.bar(at(0), y + 8, at(min(floor, whole)) - at(0), 22, COLOURS["bare"])
        drawing.bar(at(floor), y + 8, at(whole) - at(floor), 22, COLOURS[who])
        for ms in times[who]:
            drawing.dot(at(ms), y + 36, COLOURS[who], radius=3, opacity=0.7)
        words = f"{whole / 1000:.2f} s"
        if who != "bare":
            more = median(figures.above_bare(visits, who)) or 0
            words += f"  (+{more / 1000:.2f})"
        drawing.text(max(at(whole), at(floor)) + 8, y + 24, words, colour=INK)
    drawing.line(at(0), 76, at(0), bottom, GRID)
    drawing.write(path)


def _legend(drawing: Drawing, who: tuple[str, ...], x: float, y: float) -> None:
    for name in who:
        drawing.dot(x + 5, y - 4, COLOURS[name])
        drawing.text(x + 16, y, NAMES[name], size=12)
        x += 36 + 7.5 * len(NAMES[name])


def albums(found: list[dict[str, Any]], path: Path) -> None:
    """Draw the cost of a first detection over the number of portraits."""
    drawing = Drawing(_WIDTH, 300, "First detection in albums")
    drawing.text(20, 32, "First detection in albums", size=17, bold=True)
    drawing.text(20, 54, "ms in a Worker, median and 95th percentile", colour=SOFT)
    left, right, top, bottom = 70, _WIDTH - 40, 80, 250
    most_ms = max(25.0, *(entry["p95"] for entry in found)) * 1.05
    most = max(entry["portraits"] for entry in found)

    def place(portraits: float, ms: float) -> tuple[float, float]:
        share = portraits / most
        return left + share * (right - left), bottom - ms / most_ms * (bottom - top)

    for ms in (0, 5, 10, 15, 20, 25):
        _, y = place(0, ms)
        drawing.line(left, y, right, y)
        drawing.text(left - 10, y + 4, f"{ms}", anchor="end", colour=SOFT)
    points = [place(entry["portraits"], entry["median"]) for entry in found]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        drawing.line(x1, y1, x2, y2, COLOURS["vertex"])
    for entry, (x, y) in zip(found, points, strict=True):
        drawing.line(x, y, x, place(0, entry["p95"])[1], COLOURS["vertex"])
        drawing.dot(x, y, COLOURS["vertex"])
        drawing.text(x, bottom + 20, str(entry["portraits"]), anchor="middle", colour=SOFT)
    drawing.text((left + right) / 2, bottom + 42, "portraits", anchor="middle", colour=SOFT)
    drawing.write(path)
