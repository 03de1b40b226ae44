"""What a frame costs in a Worker of a real Chromium, in both builds, and its memory."""

from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.footage import PORTRAIT, Clip
from benchmarks.recogniser.offline import markers
from benchmarks.recogniser.site import Site
from tests import clips

SITUATIONS = ("frontal", "small18", "dim")
FRAMES = 30
ROUNDS, QUICK_ROUNDS = 5, 2


def measure(site: Site, *, quick: bool) -> list[dict[str, Any]]:
    """For each build and situation: ms of a detection and of an alignment, median and p95."""
    (site.made / "markers" / f"{PORTRAIT}.vxm").write_bytes(markers([PORTRAIT])[PORTRAIT])
    results = []
    with sync_playwright() as playwright, opened(playwright) as (page, _):
        page.goto(f"{site.url}/pages/timing.html")
        for situation in SITUATIONS[: 1 if quick else None]:
            frames = clips.read_frames(Clip(PORTRAIT, situation).path)[:FRAMES]
            (site.made / "frames.bin").write_bytes(b"".join(f.tobytes() for f in frames))
            for build in ("simd", "plain"):
                task = {
                    "wasm": f"/{build}.wasm",
                    "marker": f"/markers/{PORTRAIT}.vxm",
                    "frames": "/frames.bin",
                    "width": frames[0].shape[1],
                    "height": frames[0].shape[0],
                    "rounds": QUICK_ROUNDS if quick else ROUNDS,
                }
                answer = page.evaluate("(task) => measure(task)", task)
                results.append({"build": build, "situation": situation, **_summary(answer)})
    return results


def _summary(answer: dict[str, Any]) -> dict[str, Any]:
    looks = len(answer["search"]) + len(answer["follow"])
    summary: dict[str, Any] = {"memory": answer["memory"], "missed": looks - answer["found"]}
    for kind in ("search", "follow"):
        # the first round warms the engine up
        times = np.array(answer[kind][FRAMES:])
        summary[kind] = {"median": float(np.median(times)), "p95": float(np.percentile(times, 95))}
    return summary
