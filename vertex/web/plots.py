"""Plots, as the shapes of an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from vertex.services.dashboard import Day

WIDTH, HEIGHT = 640, 120  # of the view box
_GAP = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in the plot: its visits, and over them those that found the print; in the view box."""

    day: Day
    x: float
    width: float
    opened: float
    found: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars, what the highest stands for, and the sums."""

    bars: Sequence[Bar]
    highest: int
    opened: int
    camera: int
    found: int

    @property
    def rate(self) -> int | None:
        """How many of a hundred who looked with the camera found the print."""
        return round(100 * self.found / self.camera) if self.camera else None


def plot_visits(days: Sequence[Day]) -> Plot:
    """The visits of these days as bars side by side."""
    highest = max((day.opened for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    scale = HEIGHT / max(highest, 1)
    bars = [
        Bar(day, n * step, step - _GAP, day.opened * scale, day.found * scale)
        for n, day in enumerate(days)
    ]
    sums = (sum(getattr(day, name) for day in days) for name in ("opened", "camera", "found"))
    return Plot(bars, highest, *sums)
