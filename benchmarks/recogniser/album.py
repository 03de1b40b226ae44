"""What the first detection costs when a marker holds many portraits."""

import itertools
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.site import Site
from benchmarks.recogniser.timing import time_frames
from tests import albums, clips, pictures
from tests.browser.chromium import driver
from vertex.recogniser import PoorPictureError, build_marker
from vertex.recogniser.markerfile import join_markers

SIZES, QUICK_SIZES = (1, 5, 20, 50), (1, 20)
CROPS = 58  # of which those are taken that can be recognised
SHOWN = (0, 1, 2)  # portraits whose prints are looked at; an album of one has the first
FRAMES = 10  # of each
ROUNDS, QUICK_ROUNDS = 5, 2


def measure(site: Site, *, quick: bool) -> list[dict[str, Any]]:
    """For each size of an album: its marker's bytes, ms of a detection, and looks that found it."""
    sizes = QUICK_SIZES if quick else SIZES
    portraits = _portraits(sizes[-1])
    films = [_film(picture) for picture, _ in portraits[: len(SHOWN)]]
    results = []
    with opened(driver()) as (page, _):
        page.goto(f"{site.url}/pages/timing.html")
        for size in sizes:
            marker = join_markers([marker for _, marker in portraits[:size]])
            (site.made / "markers" / "album.vxm").write_bytes(marker)
            frames = [frame for film in films[:size] for frame in film]
            rounds = QUICK_ROUNDS if quick else ROUNDS
            answer = time_frames(page, site, "simd", "album.vxm", frames, rounds)
            times = np.array(answer["search"][len(frames) :])  # the first round warms up
            results.append(
                {
                    "portraits": size,
                    "bytes": len(marker),
                    "median": float(np.median(times)),
                    "p95": float(np.percentile(times, 95)),
                    "found": answer["found"],
                    "looks": len(answer["search"]) + len(answer["follow"]),
                }
            )
    return results


def _portraits(count: int) -> list[tuple[clips.Pixels, bytes]]:
    """`count` portraits that can be recognised: crops, then mirror images, which none resembles."""
    found: list[tuple[clips.Pixels, bytes]] = []
    crops = albums.crops(CROPS)
    for picture in itertools.chain(crops, (np.fliplr(crop).copy() for crop in crops)):
        if len(found) == count:
            break
        try:
            found.append((picture, build_marker(pictures.jpeg(picture))))
        except PoorPictureError:
            continue
    return found


def _film(picture: clips.Pixels) -> list[Any]:
    shot = replace(clips.STANDARD["frontal"], frames=FRAMES)
    return [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame, _ in clips.render(picture, shot)]
