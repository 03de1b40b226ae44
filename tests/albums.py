"""Many portraits for albums: crops of the photographs in scikit-image's wheel, and look-alikes."""

from functools import cache

import cv2
import numpy as np
import skimage.data

from tests import clips, pictures

Pixels = clips.Pixels

SIDES = (480, 640)  # px of a portrait of an album
OUTLINE = [[0.0, 0.0], [SIDES[0], 0.0], [SIDES[0], SIDES[1]], [0.0, SIDES[1]]]
# name, and how many crops across and down it gives
SOURCES = (
    ("astronaut", 3, 3),
    ("chelsea", 3, 2),
    ("coffee", 4, 3),
    ("hubble_deep_field", 4, 3),
    ("retina", 3, 3),
    ("immunohistochemistry", 2, 2),
    ("page", 2, 1),
    ("coins", 2, 2),
    ("clock", 2, 1),
)


@cache
def crops(count: int, but: tuple[str, ...] = ()) -> tuple[Pixels, ...]:
    """`count` portraits (BGR), no two of which share any part of a photograph, `but` of these."""
    found: list[Pixels] = []
    for name, across, down in SOURCES:
        if name in but:
            continue
        found += _cut(_colours(getattr(skimage.data, name)()), across, down)
    order = np.random.default_rng(3).permutation(len(found))
    if count > len(found):
        raise ValueError(f"there are only {len(found)}")
    return tuple(found[k] for k in order[:count])


@cache
def lookalikes(count: int) -> tuple[Pixels, ...]:
    """Portraits of one photographer: the same frame, backdrop and pose, other faces."""
    backdrop = pictures.astronaut()
    backdrop = cv2.resize(backdrop, SIDES, interpolation=cv2.INTER_AREA)
    width, height = SIDES
    oval = np.zeros((height, width), np.float32)
    cv2.ellipse(oval, (width // 2, int(0.42 * height)), (110, 150), 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(oval, (0, 0), 6)[..., None]
    together = []
    for face in crops(count):
        small = cv2.resize(face, (240, 320), interpolation=cv2.INTER_AREA)
        placed = np.zeros((height, width, 3), np.float32)
        top, left = int(0.42 * height) - 160, width // 2 - 120
        placed[top : top + 320, left : left + 240] = small
        together.append(np.asarray(backdrop * (1 - soft) + placed * soft, np.uint8))
    return tuple(together)


def motorcycle(side: int) -> Pixels:
    """A garage seen by the left (0) or right (1) camera of a stereo pair, 1000 px wide."""
    view = _colours(skimage.data.stereo_motorcycle()[side])
    return np.asarray(cv2.resize(view, (1000, 675), interpolation=cv2.INTER_CUBIC), np.uint8)


def side_by_side(left: Pixels, right: Pixels) -> tuple[Pixels, list[list[list[float]]]]:
    """One picture of two portraits on a table, and the outline of each in its px."""
    height, width = left.shape[:2]
    gap = width // 4
    both = np.full((height, 2 * width + gap, 3), (70, 105, 150), np.uint8)
    both[:, :width], both[:, width + gap :] = left, right
    outlines = [
        [[x, 0.0], [x + width, 0.0], [x + width, float(height)], [x, float(height)]]
        for x in (0.0, float(width + gap))
    ]
    return both, outlines


def _colours(picture: Pixels) -> Pixels:
    if picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8)
    return np.asarray(picture[:, :, 2::-1], np.uint8)


def _cut(picture: Pixels, across: int, down: int) -> list[Pixels]:
    """Crops of the shape of SIDES, one from the middle of each cell."""
    cell_width, cell_height = picture.shape[1] // across, picture.shape[0] // down
    scale = min(cell_width / SIDES[0], cell_height / SIDES[1])
    width, height = int(SIDES[0] * scale), int(SIDES[1] * scale)
    found = []
    for row in range(down):
        for column in range(across):
            x = column * cell_width + (cell_width - width) // 2
            y = row * cell_height + (cell_height - height) // 2
            crop = picture[y : y + height, x : x + width]
            found.append(
                np.asarray(cv2.resize(crop, SIDES, interpolation=cv2.INTER_CUBIC), np.uint8)
            )
    return found
