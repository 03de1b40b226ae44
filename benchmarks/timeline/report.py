"""The timeline as a table, and docs/benchmarks/timeline.md."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.recogniser.cache import machine
from benchmarks.recogniser.peers import ARJS, MINDAR
from benchmarks.timeline.line import Speed

FILE = Path(__file__).parents[2] / "docs" / "benchmarks" / "timeline.md"
NAMES = {
    "bare": "bare page: camera and A-Frame",
    "vertex": "**Vertex**",
    "again": "**Vertex, scanned again**",
    "mindar": "MindAR",
    "arjs": "AR.js NFT",
}
STEPS = {
    "first-contentful-paint": "first paint",
    "start": "*Start* can be tapped",
    "scanning": "looks for the print",
    "found": "found",
    "film": "first frame of the video",
}


def table(visits: Sequence[dict[str, Any]]) -> str:
    """Seconds since the navigation, median and range, a contestant a row."""
    head = ["", *STEPS.values(), "to the video, of Vertex", "kB fetched until then"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    last = _middle(visits, "vertex", "film")
    for who, name in NAMES.items():
        own = [visit for visit in visits if visit["who"] == who]
        end = _middle(visits, who, "film")
        ratio = f"{end / last:.1f}×" if end and last else "–"
        weight = statistics.median(visit["bytes"] for visit in own)
        cells = [_cell([visit["marks"].get(step) for visit in own]) for step in STEPS]
        rows.append([name, *cells, ratio, f"{weight / 1000:,.0f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _middle(visits: Sequence[dict[str, Any]], who: str, step: str) -> float | None:
    times = [visit["marks"].get(step) for visit in visits if visit["who"] == who]
    known = [time for time in times if time is not None]
    return statistics.median(known) if known else None


def _cell(times: list[float | None]) -> str:
    known = [time / 1000 for time in times if time is not None]
    if not known:
        return "–"
    missed = f", {len(times) - len(known)} never" if len(known) < len(times) else ""
    return f"{statistics.median(known):.1f} ({min(known):.1f} to {max(known):.1f}{missed})"


def write(visits: Sequence[dict[str, Any]], speed: Speed) -> str:
    """Write the page of documentation; its table."""
    facts, made = machine(), table(visits)
    rounds = sum(visit["who"] == "vertex" for visit in visits)
    FILE.write_text(f"""# From the scan to the video, on a thin line

By `make bench-timeline`, {datetime.now(UTC).date().isoformat()}: {facts["cpu"]}, {facts["cores"]} \
cores, no GPU, load {facts["load"]}; {facts["browser"]}; {rounds} rounds, in which the contestants \
take turns. Seconds since the navigation, median (least to most).

The line carries {speed.down / 1e6:.1f} Mbit/s down and {speed.up / 1e6:.2f} up with a round \
trip of {speed.round_trip * 1000:.0f} ms, all connections together, a Worker's too \
(`benchmarks/timeline/line.py`). Everybody's files go over it as brotli makes them, and the \
browser is new each time. The camera shows the astronaut's print from the first moment, so what \
is measured is the page: MindAR {MINDAR} and AR.js {ARJS} as their plain pages have it, which \
ask for the camera at once; ours waits for *Start*, which a script taps as soon as it can be. \
The marker of each is its own. *Scanned again* is the same phone's second visit, an HTTP cache \
and our service worker being what they are; the others' pages were not visited twice.

{made}
""")
    return made
