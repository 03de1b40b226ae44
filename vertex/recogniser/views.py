"""Synthetic views of a portrait, as a phone will see its print: smaller and tilted."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

SIZES = (480, 340, 240, 170, 120, 85)
TILTED_SIZES = (420, 260)
# compression and the direction it is along, in degrees
TILTS = ((1.5, 0), (1.5, 90), (2.0, 0), (2.0, 90), (1.5, 45), (1.5, -45))
FROM_HALF = 0.6  # of the halved portrait's long side: what is smaller is made from that


@dataclass(frozen=True, slots=True)
class View:
    """A picture of the portrait, and the matrix (3x3) from its px to fractions of the portrait."""

    pixels: Grey
    to_fraction: NDArray[np.float64]


def make_views(
    grey: Grey,
    sizes: tuple[int, ...] = SIZES,
    tilted_sizes: tuple[int, ...] = TILTED_SIZES,
) -> list[View]:
    """Views of an upright portrait: by long side in px, then tilted in every direction of TILTS.

    A size larger than the portrait itself is left out: there is nothing more to see in it.
    """
    longest = max(grey.shape)
    half = _resize(grey, max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2))

    def frontal(size: int) -> View:
        # averaging in two steps sees the same and reads a quarter of the px
        return _frontal(half if size <= FROM_HALF * max(half.shape) else grey, size)

    views = [frontal(size) for size in sizes if size <= 1.01 * longest]
    if not views:
        views = [_frontal(grey, longest)]
    for size in tilted_sizes:
        if size <= 1.01 * longest:
            base = frontal(size)
            views += [_tilted(base, by, np.radians(along)) for by, along in TILTS]
    return views


def shrink_to_area(grey: Grey, area: int, longest: int) -> Grey:
    """The portrait with at most `area` px and no side over `longest`."""
    height, width = grey.shape
    scale = min(1.0, (area / (width * height)) ** 0.5, longest / max(width, height))
    return _resize(grey, max(1, int(width * scale)), max(1, int(height * scale)))


def _resize(grey: Grey, width: int, height: int) -> Grey:
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _frontal(grey: Grey, longest: int) -> View:
    scale = longest / max(grey.shape)
    pixels = _resize(grey, round(grey.shape[1] * scale), round(grey.shape[0] * scale))
    return View(pixels, np.diag([1 / pixels.shape[1], 1 / pixels.shape[0], 1.0]))


def _tilted(base: View, by: float, along: float) -> View:
    """The view compressed `by` along a direction, smoothed first against aliasing."""
    height, width = base.pixels.shape
    c, s = np.cos(along), np.sin(along)
    turn = np.array([[c, s], [-s, c]])
    squeeze = turn.T @ np.diag([1 / by, 1.0]) @ turn
    sigma = 0.4 * np.sqrt(by * by - 1)
    sigmas = np.maximum(sigma * np.abs([c, s]), 0.01)
    soft = cv2.GaussianBlur(base.pixels, (0, 0), sigmaX=sigmas[0], sigmaY=sigmas[1])
    corners = squeeze @ np.array([[0.0, width, width, 0.0], [0.0, 0.0, height, height]])
    low, high = corners.min(axis=1), corners.max(axis=1)
    matrix = np.column_stack([squeeze, -low])
    # OpenCV maps pixel centres, we map edges: half a pixel before and after
    centred = matrix.copy()
    centred[:, 2] += squeeze @ [0.5, 0.5] - 0.5
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    pixels = cv2.warpAffine(
        soft, centred, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    inverse = np.linalg.inv(np.vstack([matrix, [0.0, 0.0, 1.0]]))
    return View(np.asarray(pixels, np.uint8), base.to_fraction @ inverse)
