"""The measurements as a page of docs/benchmarks."""

import datetime
import os
from pathlib import Path

from benchmarks.fallbacks.measuring import MOST_LAG, SECONDS, Row

TARGET = Path(__file__).parents[2] / "docs" / "benchmarks" / "fallbacks.md"

_HEAD = """# Camera frames without the direct path

Measured on {date} by `python -m benchmarks.fallbacks`, on a shared machine of {cores} cores without
a GPU: WebGL is computed by the processor (load {load:.1f} at the end), so every figure is a bound,
and whatever reads from or draws on a GPU is slower here than on any phone. Compare rows of one
browser. Chromium's camera is its fake device; Firefox captures a film, WebKitGTK a canvas on which
the clip is painted by its main thread. The clip is `slow`: a hand that moves.

"""

_COLUMNS = (
    "browser",
    "way",
    "main thread, ms a frame",
    "until grey is in the core, ms",
    "positions a second",
    "lag, frames",
    "error, px",
    "drawn a second",
    f"gaps > 50 ms in {SECONDS} s",
    "long tasks",
)


def write(rows: list[Row]) -> str:
    """Write the page and return it."""
    head = _HEAD.format(
        date=datetime.datetime.now(datetime.UTC).date(),
        cores=os.cpu_count(),
        load=os.getloadavg()[0],
    )
    lines = [list(_COLUMNS), ["---"] * len(_COLUMNS), *(_cells(row) for row in rows)]
    text = head + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    return text


def _cells(row: Row) -> list[str]:
    return [
        row.browser,
        row.way,
        _ms(row.busy),
        _ms(row.reach),
        f"{row.positions:.1f}",
        str(row.lag) if row.lag < MOST_LAG else f"{MOST_LAG} or more",
        f"{row.error:.2f}",
        f"{row.drawn:.0f}",
        str(row.gaps),
        "not told" if row.long_tasks is None else str(row.long_tasks),
    ]


def _ms(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"
