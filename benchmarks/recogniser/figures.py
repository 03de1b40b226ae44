"""What the raw results say, as the numbers that goals, tables and plots speak of."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

Visit = dict[str, Any]


def median(values: Iterable[float]) -> float | None:
    """The median, or None of nothing."""
    kept = list(values)
    return float(np.median(kept)) if kept else None


def percentile(values: Iterable[float], share: float) -> float | None:
    """That of which this share (0 to 100) is below, or None of nothing."""
    kept = list(values)
    return float(np.percentile(kept, share)) if kept else None


def of(visits: list[Visit], contestant: str) -> list[Visit]:
    """One contestant's visits."""
    return [visit for visit in visits if visit["contestant"] == contestant]


def by_clip(visits: list[Visit]) -> dict[tuple[str, str], list[Visit]]:
    """Visits to the same clip together, in the order in which they were made."""
    groups: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        groups[visit["picture"], visit["situation"]].append(visit)
    return dict(groups)


def errors(visits: list[Visit]) -> list[float]:
    """All errors against the frame each position was computed from, px."""
    return [error for visit in visits for error in visit.get("errors", [])]


def positions(visits: list[Visit]) -> float | None:
    """Positions a second, median over visits; none where the print was not found."""
    return median(visit["count"]["positions"] for visit in visits if "count" in visit)


def found(visits: list[Visit]) -> bool:
    """Whether the print was recognised at every visit."""
    return all(visit["found"] is not None for visit in visits)


def floors(starts: list[Visit]) -> dict[tuple[int, str], float]:
    """The bare page's time in each round of each situation, ms."""
    return {(v["round"], v["situation"]): v["found"] for v in of(starts, "bare") if v["found"]}


def above_bare(starts: list[Visit], contestant: str) -> list[float]:
    """How much later than the bare page of the same round the print was recognised, ms."""
    floor = floors(starts)
    return [
        visit["found"] - floor[key]
        for visit in of(starts, contestant)
        if (key := (visit["round"], visit["situation"])) in floor and visit["found"] is not None
    ]


def markers_of(markers: dict[str, Any], contestant: str, what: str) -> list[float]:
    """A figure of a contestant's markers of all photographs."""
    return [float(marker[contestant][what]) for marker in markers.values()]


def growth(weighed: list[dict[str, float]], what: str) -> float:
    """By how much a figure of the last moments is above that of the first ones, MB."""
    values = [moment[what] for moment in weighed]
    return float(np.median(values[-5:]) - np.median(values[:5]))
