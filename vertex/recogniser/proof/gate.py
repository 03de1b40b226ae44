"""Whether a marker will be recognised: the real recogniser looks at simulated prints."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Recogniser

Grey = NDArray[np.uint8]

WIDTH, HEIGHT, FOCAL = 640, 480, 520.0
TABLE = 120  # grey level around the print
# A detection with fewer matches, or whose corners are less sure, in px, holds or not by small
# changes of light. Over the looks below sharp photographs have 69 and more matches, and corners
# sure to 0.3; an astronaut blurred by 2 % of its height 0.65 from the front, by 2.5 % 0.98.
SAFE_INLIERS = 50
SAFE_SPREAD = 0.8


@dataclass(frozen=True, slots=True)
class Look:
    """How a phone sees the print: size as a share of the frame's height, angle in degrees."""

    scale: float
    tilt: float = 0.0
    light: float = 0.6
    noise: float = 4.0


LOOKS = (Look(0.6), Look(0.6, tilt=35), Look(0.35))


def is_recognisable(marker: bytes, grey: Grey) -> bool:
    """True if most looks at a print of the portrait recognise it with something to spare."""

    def is_safe(number: int) -> bool:
        found = Recogniser(marker).find(simulate(grey, LOOKS[number], number))
        return bool(found) and found[0].inliers >= SAFE_INLIERS and found[0].spread <= SAFE_SPREAD

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(is_safe, (0, 1))
    return first if first == second else is_safe(2)


def simulate(grey: Grey, look: Look, seed: int) -> Grey:
    """A frame (480 x 640) of a print of the portrait lying on a plain table."""
    height, width = grey.shape
    longest = max(height, width)
    angle = np.radians(look.tilt)
    distance = FOCAL / (look.scale * HEIGHT)
    # portrait px -> plane whose longest side is 1 -> camera
    plane = np.array([[1.0, 0, -width / 2], [0, 1.0, -height / 2], [0, 0, longest]]) / longest
    view = np.array([[1.0, 0, 0], [0, np.cos(angle), 0], [0, np.sin(angle), distance]])
    camera = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1.0]])
    ratio = min(1.0, look.scale * HEIGHT / longest)
    small = cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    unshrink = np.diag([width / small.shape[1], height / small.shape[0], 1.0])
    half = np.array([[1.0, 0, 0.5], [0, 1.0, 0.5], [0, 0, 1.0]])  # OpenCV counts from centres
    matrix = np.linalg.inv(half) @ camera @ view @ plane @ unshrink @ half
    frame = np.full((HEIGHT, WIDTH), TABLE, np.uint8)
    cv2.warpPerspective(
        small, matrix, (WIDTH, HEIGHT), dst=frame, borderMode=cv2.BORDER_TRANSPARENT
    )
    noise = np.random.default_rng(seed).standard_normal(frame.shape, np.float32)
    noisy = cv2.addWeighted(frame, look.light, noise, look.noise, 0, dtype=cv2.CV_8U)
    return np.asarray(noisy, np.uint8)
