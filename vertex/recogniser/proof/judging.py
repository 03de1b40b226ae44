"""One look judged by the real core: was the print recognised, and in the right place?"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Found, Recogniser
from vertex.recogniser.proof.prints import Look

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

# Mean distance of the corners from the truth, over the print's longest side as seen. Hits were
# within 0.02 and misses beyond 0.2; what lies between would be seen as a video beside its print.
MAX_OFF = 0.05


@dataclass(frozen=True, slots=True)
class LookResult:
    """What came of a look; `off` is the corners' mean distance from the truth in px of the frame.

    `off` is None when nothing was found; `inliers` are the matches behind the detection.
    """

    look: Look
    recognised: bool
    off: float | None = None
    inliers: int = 0


def judge(
    recogniser: Recogniser, look: Look, frame: Grey, corners: Floats, size: tuple[int, int]
) -> tuple[LookResult, Found | None]:
    """Look at a frame from scratch; also return the hit if it lies where the print is.

    `corners` (4 x 2, px at pixel edges) is where the print is; `size` the portrait's width and
    height in the px its marker speaks of.
    """
    recogniser.reset()
    found = recogniser.find(frame)
    if not found:
        return LookResult(look, False), None
    longest = float(np.linalg.norm(np.roll(corners, 1, axis=0) - corners, axis=1).max())
    hits = [(_off(hit.homography, corners, size), hit) for hit in found]
    off, hit = min(hits, key=lambda pair: pair[0])
    recognised = off <= MAX_OFF * longest
    result = LookResult(look, recognised, round(off, 2), hit.inliers)
    return result, hit if recognised else None


def _off(homography: Floats, corners: Floats, size: tuple[int, int]) -> float:
    width, height = size
    outline = np.array([[[0.0, 0]], [[width, 0]], [[width, height]], [[0, height]]])
    seen = cv2.perspectiveTransform(outline, homography)[:, 0]
    return float(np.linalg.norm(seen - corners, axis=1).mean())
