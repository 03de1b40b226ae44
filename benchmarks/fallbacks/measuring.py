"""One way of taking frames, measured on the customer's page of one browser."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.browser import measure
from tests.browser.measure import Page

SECONDS = 5
SAMPLES = 90
MOST_LAG = 8  # frames of the camera

_RATE = """
async (seconds) => {
  const own = (name) => new URL(name, document.querySelector('script[type=module]').src).href;
  const {onPose} = await import(own('recogniser.js'));
  const {report} = await import(own('frames.js'));
  const taken = [];
  onPose((pose) => taken.push(pose.taken));
  let longTasks = null;
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    longTasks = 0;
    new PerformanceObserver((list) => (longTasks += list.getEntries().length))
      .observe({entryTypes: ['longtask']});
  }
  const gaps = [];
  let last = performance.now();
  const began = last;
  while (last < began + seconds * 1000) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1] ?? null;
  const over = gaps.filter((gap) => gap > 50).length;
  return {
    positions: taken.length / seconds, inWorker: middle(taken), drawn: gaps.length / seconds,
    gap: middle(gaps), over, longTasks, way: report.way, reach: middle([...report.reach]),
    busy: middle([...report.busy]),
  };
}
"""


@dataclass(frozen=True)
class Row:
    """What one way showed in one browser. Times in ms, medians; error in px of the frame."""

    browser: str
    way: str
    busy: float | None  # of the main thread, for a frame
    reach: float | None  # from the decision to take a frame until its grey pixels are in the core
    positions: float  # a second
    lag: int  # frames that the overlay is behind the frame it is seen on
    error: float  # of the overlay's corners, at that lag
    drawn: float  # animation frames a second
    gaps: int  # of them, those that took longer than 50 ms, in SECONDS
    long_tasks: int | None


def measured(page: Page, browser: str, way: str, clip: Path) -> Row:
    """Measure a page that has found the print already."""
    rate: dict[str, Any] = page.evaluate(_RATE, SECONDS)
    lag, error = _lag(measure.samples(page, SAMPLES), measure.truth(clip))
    return Row(
        browser=browser,
        way=way,
        busy=rate["busy"],
        reach=rate["reach"] if rate["reach"] is not None else rate["inWorker"],
        positions=rate["positions"],
        lag=lag,
        error=error,
        drawn=rate["drawn"],
        gaps=rate["over"],
        long_tasks=rate["longTasks"],
    )


def _lag(samples: list[dict[str, Any]], truth: list[Any]) -> tuple[int, float]:
    """The number of frames by which the overlay follows, and its median error in px at it."""
    errors = []
    for lag in range(MOST_LAG + 1):
        places = [truth[(sample["number"] - lag) % len(truth)] for sample in samples]
        off = [
            measure.distance(sample["frame"], place)
            for sample, place in zip(samples, places, strict=True)
        ]
        errors.append(float(np.median(off)))
    best = int(np.argmin(errors))
    return best, errors[best]
