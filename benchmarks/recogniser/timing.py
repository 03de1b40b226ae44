"""What a frame costs in a Worker of a real Chromium, in both builds, and its memory."""

from typing import Any

import numpy as np
from playwright.sync_api import Page

from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.footage import PORTRAIT, Clip
from benchmarks.recogniser.offline import markers
from benchmarks.recogniser.site import Site
from tests import clips
from tests.browser.chromium import driver

SITUATIONS = ("frontal", "small18", "dim")
FRAMES = 30
ROUNDS, QUICK_ROUNDS = 5, 2


def measure(site: Site, *, quick: bool) -> list[dict[str, Any]]:
    """For each build and situation: ms of a detection and of an alignment, median and p95."""
    (site.made / "markers" / f"{PORTRAIT}.vxm").write_bytes(markers([PORTRAIT])[PORTRAIT])
    results = []
    with opened(driver()) as (page, _):
        page.goto(f"{site.url}/pages/timing.html")
        for situation in SITUATIONS[: 1 if quick else None]:
            frames = clips.read_frames(Clip(PORTRAIT, situation).path)[:FRAMES]
            for build in ("simd", "plain"):
                rounds = QUICK_ROUNDS if quick else ROUNDS
                answer = time_frames(page, site, build, f"{PORTRAIT}.vxm", frames, rounds)
                results.append({"build": build, "situation": situation, **_summary(answer)})
    return results


def time_frames(
    page: Page, site: Site, build: str, marker: str, frames: list[Any], rounds: int
) -> dict[str, Any]:
    """What timing.js says of a build ("simd" or "plain") before grey frames of one size."""
    (site.made / "frames.bin").write_bytes(b"".join(frame.tobytes() for frame in frames))
    task = {
        "wasm": f"/{build}.wasm",
        "marker": f"/markers/{marker}",
        "frames": "/frames.bin",
        "width": frames[0].shape[1],
        "height": frames[0].shape[0],
        "rounds": rounds,
    }
    answer: dict[str, Any] = page.evaluate("(task) => measure(task)", task)
    return answer


def _summary(answer: dict[str, Any]) -> dict[str, Any]:
    looks = len(answer["search"]) + len(answer["follow"])
    summary: dict[str, Any] = {"memory": answer["memory"], "missed": looks - answer["found"]}
    for kind in ("search", "follow"):
        # the first round warms the engine up
        times = np.array(answer[kind][FRAMES:])
        summary[kind] = {"median": float(np.median(times)), "p95": float(np.percentile(times, 95))}
    return summary
