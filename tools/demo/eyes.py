"""Eyes and brows, which blink, look and lift."""

import numpy as np

from tools.demo.canvas import Canvas
from tools.demo.geometry import (
    Points,
    arc,
    disc,
    mirrored,
    moved,
    points,
    ray,
    ribbon,
    smooth,
    stroke,
)
from tools.demo.palette import (
    AMBER,
    CHESTNUT,
    CORAL,
    CREAM,
    INK,
    PLUM,
    SEA,
    SKIN_DEEP,
    SUN,
    TEAL,
    Colour,
)
from tools.demo.pose import Pose

_PLACE = {1: points([84, -14])[0], -1: points([-84, -14])[0]}
_T = np.linspace(0, 1, 25)
_BELLY = np.sin(np.pi * _T) ** 0.85


def draw(canvas: Canvas, pose: Pose) -> None:
    """Both eyes with their brows."""
    for side in (-1, 1):
        _eye(canvas, pose, side)
        _brow(canvas, pose, side)


def _on_face(pose: Pose, side: int, shape: Points) -> Points:
    """Place a shape drawn for the right eye about its centre."""
    own = shape if side > 0 else mirrored(shape)
    return pose.head(own + _PLACE[side])


def _lids(pose: Pose) -> tuple[Points, Points]:
    """Upper and lower edge of the opening, inner corner first."""
    x = -57 + 116 * _T
    level = 9 - 17 * _T
    low = level + (19 - 6 * pose.smile) * _BELLY
    high = level - (33 + 4 * pose.brows) * np.sin(np.pi * _T**0.92) ** 0.8
    lid = high + (low - 1 - high) * pose.blink
    return np.stack([x, lid], axis=1), np.stack([x, low], axis=1)


def _eye(canvas: Canvas, pose: Pose, side: int) -> None:
    upper, lower = _lids(pose)
    crease = np.stack([upper[:, 0], 8 - 18 * _T - (51 + 4 * pose.brows) * _BELLY**0.9], axis=1)
    canvas.fill(_on_face(pose, side, np.vstack([crease, upper[::-1]])), CORAL)
    _lid_marks(canvas, pose, side, crease, upper)
    opening = _on_face(pose, side, np.vstack([upper, lower[::-1]]))
    if pose.blink < 0.97:
        canvas.fill(opening, CREAM)
        with canvas.inside(opening):
            _iris(canvas, pose, side)
            shade = np.vstack([upper, moved(upper[::-1], 0, 8)])
            canvas.fill(_on_face(pose, side, shade), PLUM)
    _lashes(canvas, pose, side, upper, lower)
    canvas.fill(_on_face(pose, side, stroke(crease, 4.5)), CHESTNUT)


def _lid_marks(canvas: Canvas, pose: Pose, side: int, crease: Points, upper: Points) -> None:
    rng = np.random.default_rng(71 + side)
    for i in range(3, 23, 2):
        top, bottom = crease[i], upper[i]
        mark = np.linspace(
            top + (bottom - top) * 0.12, top + (bottom - top) * rng.uniform(0.5, 0.9), 5
        )
        canvas.fill(_on_face(pose, side, stroke(mark, 4.2)), SUN if i % 4 == 1 else SKIN_DEEP)


def _iris(canvas: Canvas, pose: Pose, side: int) -> None:
    rng = np.random.default_rng(73 + side)
    centre = points([side * 9 * pose.gaze + 1, -8])[0]
    canvas.fill(_on_face(pose, side, disc(centre, 31.5)), INK)
    canvas.fill(_on_face(pose, side, disc(centre, 28)), TEAL)
    for angle in np.arange(0, 2 * np.pi, 0.29) + rng.uniform(-0.07, 0.07, 22):
        start = centre + 12 * np.array([np.cos(angle), np.sin(angle)])
        line = ray(start, angle, rng.uniform(8, 14))
        colour: Colour = (SEA, AMBER, CREAM)[int(rng.choice(3, p=[0.6, 0.26, 0.14]))]
        canvas.fill(_on_face(pose, side, stroke(line, 3.6)), colour)
    canvas.fill(_on_face(pose, side, disc(centre, 14)), INK)
    for glint, size in (((9 * side, -10), 7.5), ((-8 * side, 10), 3.6)):
        canvas.fill(_on_face(pose, side, disc(centre + glint, size, steps=24)), CREAM)


def _lashes(canvas: Canvas, pose: Pose, side: int, upper: Points, lower: Points) -> None:
    wing = np.vstack([upper, upper[-1] + points((9, -7), (20, -17))])
    thick = 2.2 + 4.2 * np.linspace(0, 1, len(wing)) ** 0.7
    thick[-2:] = (3.0, 0.3)
    canvas.fill(_on_face(pose, side, ribbon(wing, thick)), INK)
    fall = 1 - 1.5 * pose.blink
    for i, length in ((9, 13), (12, 16), (15, 19), (18, 22), (21, 24)):
        tip = upper[i] + np.array([length * (i - 8) / 20, -length * fall])
        canvas.fill(_on_face(pose, side, stroke(arc(upper[i], tip, -0.14), 6, head=1)), INK)
    canvas.fill(_on_face(pose, side, stroke(lower[4:], 3.6)), CHESTNUT)
    for i in (14, 17, 20):
        line = arc(lower[i], lower[i] + points([(i - 10) * 0.9, 9])[0], 0.1)
        canvas.fill(_on_face(pose, side, stroke(line, 3.2, head=1)), CHESTNUT)


def _brow(canvas: Canvas, pose: Pose, side: int) -> None:
    rng = np.random.default_rng(79 + side)
    lift = 11 * pose.brows + 3 * pose.smile
    line = smooth(points((-54, -64), (-18, -80), (26, -84), (72, -60))) - (0, lift)
    thick = np.interp(np.linspace(0, 1, len(line)), [0, 0.15, 0.6, 1], [3.5, 8.5, 7.5, 0.5])
    canvas.fill(_on_face(pose, side, ribbon(line, thick)), PLUM)
    for i in range(1, len(line) - 6, 2):
        start = line[i] + (0, rng.uniform(2, 7))
        hair = arc(start, start + points([rng.uniform(13, 19), rng.uniform(-12, -7)])[0], -0.1)
        canvas.fill(
            _on_face(pose, side, stroke(hair, 3.2)), AMBER if rng.random() < 0.4 else CHESTNUT
        )
