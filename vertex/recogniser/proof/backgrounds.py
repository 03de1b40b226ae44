"""What lies around a simulated print: drawn tables, walls and clutter, in grey."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480  # px of a simulated frame


def background(number: int) -> Grey:
    """One of the drawn backgrounds (480 x 640), the same for the same number; not to be altered."""
    return _drawn(number % len(_KINDS))


@cache
def _drawn(kind: int) -> Grey:
    picture = _KINDS[kind](np.random.default_rng(kind))
    grey = np.asarray(np.clip(picture, 0, 255), np.uint8)
    grey.setflags(write=False)
    return grey


def _plaster(random: np.random.Generator) -> Floats:
    """A bright wall, lit from one side."""
    ramp = np.linspace(205, 165, WIDTH, dtype=np.float32)[None, :]
    return ramp + _cloud(random, 90, 6) + random.normal(0, 1.5, (HEIGHT, WIDTH)).astype(np.float32)


def _linen(random: np.random.Generator) -> Floats:
    """A woven cloth with folds."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    weave = 9 * np.sin(x * 1.3 + _cloud(random, 60, 1)) + 9 * np.sin(y * 1.25)
    return np.asarray(120 + weave + _cloud(random, 150, 30), np.float32)


def _tiles(random: np.random.Generator) -> Floats:
    """Painted bricks: corners all alike, as faint as they are from across a room."""
    wall = np.full((HEIGHT, WIDTH), 118, np.float32)
    for row in range(HEIGHT // 34 + 1):
        for column in range(-1, WIDTH // 78 + 1):
            left, top = column * 78 + (row % 2) * 39, row * 34
            tone = float(random.normal(101, 4))
            cv2.rectangle(wall, (left + 4, top + 4), (left + 74, top + 30), tone, -1)
    return wall + _cloud(random, 5, 3)


def _clutter(random: np.random.Generator) -> Floats:
    """A desk on which things lie, a little out of focus."""
    desk = np.full((HEIGHT, WIDTH), 90, np.float32)
    for _ in range(30):
        x, y = int(random.integers(WIDTH)), int(random.integers(HEIGHT))
        size = (float(random.uniform(15, 120)), float(random.uniform(8, 70)))
        box = cv2.boxPoints(((float(x), float(y)), size, float(random.uniform(0, 180))))
        cv2.fillPoly(desk, [box.astype(np.int32)], float(random.uniform(30, 220)))
    return np.asarray(cv2.GaussianBlur(desk, (0, 0), 1.2), np.float32) + _cloud(random, 12, 4)


def _lamps(random: np.random.Generator) -> Floats:
    """A dark room with lamps out of focus."""
    room = np.full((HEIGHT, WIDTH), 34, np.float32)
    for _ in range(26):
        place = (int(random.integers(WIDTH)), int(random.integers(HEIGHT)))
        radius = int(random.integers(6, 34))
        cv2.circle(room, place, radius, float(random.uniform(60, 220)), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 2.5), np.float32) + _cloud(random, 40, 8)


def _cloud(random: np.random.Generator, cell: int, gain: float) -> Floats:
    spots = random.standard_normal((HEIGHT // cell + 3, WIDTH // cell + 3)).astype(np.float32)
    smooth = cv2.resize(spots, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth * np.float32(gain), np.float32)


_KINDS: tuple[Callable[[np.random.Generator], Floats], ...] = (
    _plaster,
    _linen,
    _tiles,
    _clutter,
    _lamps,
)
