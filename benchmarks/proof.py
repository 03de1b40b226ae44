"""`python -m benchmarks.proof`: does the proof foretell what a camera makes of a print?

Proves PICTURES, films simulated prints of them in rooms the proof does not know (tests/clips.py),
and writes the table to docs/benchmarks/proof.md. The clips are kept in the cache, so a second run
takes a minute. Ratings are recalibrated in vertex/recogniser/proof/rating.py.
"""

import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from benchmarks.proof_clips import SHOTS, recognition_rate
from benchmarks.proof_pictures import PICTURES
from tests.pictures import jpeg
from vertex.recogniser import PoorPictureError, Printed, Proof, build_marker, collisions, prove
from vertex.recogniser.marker import decode, describe_views, pack
from vertex.recogniser.proof.rating import RATINGS

REPORT = Path(__file__).parents[1] / "docs" / "benchmarks" / "proof.md"
ENOUGH = 0.8  # Spearman's rank correlation
ALBUM = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A picture, its proof, and the share of frames in which the camera recognised it."""

    name: str
    proof: Proof
    rate: float
    seconds: float  # of processor time for the proof
    refused: bool  # whether build_marker() takes no such picture


def main() -> None:
    """Measure everything and write the page."""
    cv2.setNumThreads(1)
    lines = []
    for name, picture in PICTURES.items():
        lines.append(measure(name, jpeg(picture())))
        print(f"{name}: {lines[-1].proof.score:.2f} foretold, {lines[-1].rate:.2f} filmed")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(page(lines, collision_seconds(8)))
    agreement = spearman([line.proof.score for line in lines], [line.rate for line in lines])
    print(f"rank correlation {agreement:.2f}")
    if agreement < ENOUGH:
        sys.exit(f"below {ENOUGH}: the proof no longer foretells what a camera sees")


def measure(name: str, image: bytes) -> Line:
    """Prove a picture and film it."""
    marker, refused = any_marker(image)
    began = time.process_time()
    proof = prove(image, marker)
    seconds = time.process_time() - began
    printed = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    rate = recognition_rate(marker, np.asarray(printed, np.uint8))
    return Line(name, proof, rate, seconds, refused)


def any_marker(image: bytes) -> tuple[bytes, bool]:
    """The picture's marker, and whether it had to be made against the maker's refusal."""
    try:
        return build_marker(image), False
    except PoorPictureError:
        grey, size = decode(image)
        return pack(grey, size, describe_views(grey)), True


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation; equal values share their mean rank."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def collision_seconds(portraits: int) -> float:
    """Processor time for one pair of portraits, everything included."""
    images = [jpeg(picture()) for picture in list(PICTURES.values())[:portraits]]
    printed = [Printed(image, any_marker(image)[0]) for image in images]
    began = time.process_time()
    collisions(printed)
    return (time.process_time() - began) / (portraits * (portraits - 1) / 2)


def page(lines: Iterable[Line], pair_seconds: float) -> str:
    """The report, in Markdown."""
    lines = sorted(lines, key=lambda line: -line.proof.score)
    rates = [line.rate for line in lines]
    by_score = spearman([line.proof.score for line in lines], rates)
    by_rating = spearman([line.proof.rating for line in lines], rates)
    pairs = ALBUM * (ALBUM - 1) // 2
    return f"""# The proof, calibrated

Written by `python -m benchmarks.proof` on {date.today().isoformat()}, {platform.machine()}, \
{os.cpu_count()} shared cores of which one was used, Python {platform.python_version()}.

*Foretold* are the simulated looks in which the recogniser knew the print, the *score* is \
their share with every kind of look (size, angle, light, …) weighing the same; *filmed* is the \
share of frames of {len(SHOTS)} camera situations of `tests/clips.py`, with another table, \
other lights and angles, each frame seen from scratch. Both reach far beyond what a customer \
does, so that good portraits can be told from better ones: 100 % is not to be expected.

| picture | foretold | score | rating | smallest size | largest angle | advice | filmed | proof, s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(_row(line) for line in lines)}

A picture in italics is refused when its marker is made, and stands here for the scale.

**Rank correlation (Spearman) with what was filmed: {by_score:.2f} for the score, \
{by_rating:.2f} for the rating**, over {len(lines)} pictures; the goal is {ENOUGH}. Ratings 2 to 5 \
begin at {", ".join(f"{least:.2f}" for least in RATINGS)} (`vertex/recogniser/proof/rating.py`).

**Time:** a proof takes {np.median([line.seconds for line in lines]):.1f} s of one core (median), \
{max(line.seconds for line in lines):.1f} s at most. The collision check takes \
{1000 * pair_seconds:.0f} ms a pair: {pairs * pair_seconds:.0f} s for all {pairs} pairs of \
{ALBUM} portraits, {(ALBUM - 1) * pair_seconds:.1f} s for one that joins {ALBUM - 1} others.
"""


def _row(line: Line) -> str:
    proof = line.proof
    name = f"*{line.name}*" if line.refused else line.name
    size = "–" if proof.smallest_size is None else f"{100 * proof.smallest_size:.0f} %"
    angle = "–" if proof.largest_angle is None else f"{proof.largest_angle:.0f}°"
    advice = ", ".join(f"`{advice.code}`" for advice in proof.advice) or "–"
    cells = [
        name,
        f"{proof.recognised} of {proof.looks}",
        f"{proof.score:.2f}",
        str(proof.rating),
        size,
        angle,
        advice,
        f"{100 * line.rate:.0f} %",
        f"{line.seconds:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _ranks(values: Sequence[float]) -> list[float]:
    """Counted from 0; equal values share their mean rank."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) - 1) / 2
        for value in values
    ]


if __name__ == "__main__":
    main()
