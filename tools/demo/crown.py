"""The wreath on the hair: leaves, berries and flowers."""

import numpy as np

from tools.demo.background import GOLD, GREEN, PALE, ROSE
from tools.demo.botanic import Dye, berry, flower, leaf
from tools.demo.canvas import Canvas
from tools.demo.geometry import Points, points, ray
from tools.demo.palette import CORAL, CREAM, RED, SAND, SUN, WINE
from tools.demo.pose import Pose

_WHITE = Dye(CREAM, SAND, WINE)
_PINK = Dye(CORAL, SAND, WINE)
_DYES = (ROSE, _WHITE, GOLD, _PINK)

# (angle on the head, radius of the flower, dye), back ones first
_FLOWERS = (
    (-168, 34, 3), (-14, 36, 1), (-152, 48, 1), (-30, 50, 0), (-64, 40, 2), (-98, 44, 2),
    (-48, 60, 3), (-130, 66, 0), (-80, 58, 1), (-109, 52, 3),
)  # fmt: skip


def draw(canvas: Canvas, pose: Pose) -> None:
    """The wreath, a little nearer to us than the hair."""
    rng = np.random.default_rng(131)
    for degrees in np.arange(-186, 12, 8.5):
        angle = np.radians(degrees + rng.uniform(-3, 3))
        base = _place(pose, angle)
        out = angle + pose.roll - Pose.roll + rng.uniform(-0.5, 0.5)
        swing = 0.06 * pose.sway(rng.uniform(0, 6), 2)
        size = rng.uniform(78, 128)
        dye = (GREEN, PALE, GREEN, GOLD)[int(rng.integers(4))]
        leaf(canvas, ray(base, out + swing, size, rng.uniform(-0.15, 0.15)), size * 0.4, dye, rng)
        if rng.random() < 0.6:
            tip = base + rng.uniform(56, 104) * np.array([np.cos(out + 0.3), np.sin(out + 0.3)])
            berry(canvas, tip, rng.uniform(7, 10), RED if rng.random() < 0.5 else SUN)
    for i, (place, radius, kind) in enumerate(_FLOWERS):
        turn = rng.uniform(0, 1) + 0.04 * pose.sway(i, 1)
        flower(canvas, _place(pose, np.radians(place)), radius, _DYES[kind], 137 + i, turn)


def _place(pose: Pose, angle: float) -> Points:
    ring = points((228 * np.cos(angle), -34 + 230 * np.sin(angle)))
    placed: Points = pose.head(ring, 40)[0]
    return placed
