"""A video of one flat colour a second, and how much of a screenshot shows it."""

import io
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vertex.media.ffmpeg import find_ffmpeg

COLOURS = [
    (230, 30, 30),
    (30, 200, 30),
    (30, 60, 230),
    (230, 220, 20),
    (210, 30, 210),
    (20, 200, 210),
    (240, 130, 20),
    (120, 30, 160),
]
TOLERANCE = 26  # grey levels a channel may be off after 4:2:0 and the screen's rounding


def make_video(path: Path, size: tuple[int, int] = (540, 720)) -> Path:
    """Write the video (H.264, AAC) and return its path."""
    inputs: list[str] = []
    for r, g, b in COLOURS:
        colour = f"color=c=0x{r:02x}{g:02x}{b:02x}:s={size[0]}x{size[1]}:r=25:d=1"
        inputs += ["-f", "lavfi", "-i", colour]
    seconds = len(COLOURS)
    parts = "".join(f"[{i}]" for i in range(seconds))
    subprocess.run(
        [
            *(find_ffmpeg(), "-nostdin", "-loglevel", "error", "-y"),
            *inputs,
            *("-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}"),
            "-filter_complex",
            f"{parts}concat=n={seconds}:v=1,"
            "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[v]",
            *("-map", "[v]", "-map", f"{seconds}:a", "-c:v", "libx264", "-c:a", "aac"),
            *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
            *("-movflags", "+faststart", str(path)),
        ],
        check=True,
    )
    return path


def shares(screenshot: bytes, second: int, outlines: Any) -> tuple[float, float]:
    """Of the px inside and outside the overlay, the shares that have that second's colour.

    Inside is within, outside without, both outlines of the overlay, from before and after the
    screenshot; six px on either side of an outline belong to neither.
    """
    pixels = np.asarray(Image.open(io.BytesIO(screenshot)).convert("RGB")).astype(int)
    close = np.abs(pixels - COLOURS[second % len(COLOURS)]).max(axis=2) <= TOLERANCE
    masks = [_filled(np.array(outline), close.shape) for outline in outlines]
    inside, outside = _shrunk(masks[0] & masks[1]), _shrunk(1 - (masks[0] | masks[1]))
    return float(close[inside].mean()), float(close[outside].mean())


def _filled(outline: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
    return mask


def _shrunk(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(cv2.erode(mask, np.ones((13, 13), np.uint8)), bool)
