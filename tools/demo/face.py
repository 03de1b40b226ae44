"""The face: skin carved by light, nose, mouth, cheeks and earrings."""

import numpy as np

from tools.demo import eyes
from tools.demo.canvas import Canvas
from tools.demo.geometry import (
    Points,
    arc,
    disc,
    mirrored,
    points,
    ray,
    ribbon,
    smooth,
    star,
    stroke,
)
from tools.demo.palette import (
    BLUSH,
    CHESTNUT,
    CORAL,
    CREAM,
    INK,
    LIP,
    RED,
    SEA,
    SKIN,
    SKIN_DEEP,
    SKIN_LIGHT,
    SKIN_SHADE,
    SUN,
    WINE,
)
from tools.demo.pose import Pose

_JAW = points(
    (0, -262), (112, -240), (172, -150), (184, -40), (176, 60), (150, 142), (106, 206), (50, 246),
    (0, 257),
)  # fmt: skip
OUTLINE = smooth(np.vstack([_JAW, mirrored(_JAW)[-2:0:-1]]), closed=True)
_SHADE_EDGE = smooth(
    points(
        (-70, -262), (-118, -150), (-142, -70), (-128, 10), (-150, 70), (-118, 140), (-66, 190),
        (-40, 262),
    )
)  # fmt: skip
_NOSE_SHADE = smooth(
    points(
        (-26, -62), (-15, -30), (-19, 30), (-40, 74), (-36, 92), (-14, 98), (0, 104), (-2, 84),
        (-7, 30), (-6, -30),
    )
)  # fmt: skip


def draw(canvas: Canvas, pose: Pose) -> None:
    """The face without its hair."""
    outline = pose.head(OUTLINE)
    canvas.shadow([outline], WINE, blur=20, shift=(4, 20), strength=0.75)
    canvas.fill(outline, SKIN)
    with canvas.inside(outline):
        _light(canvas, pose)
        _cheeks(canvas, pose)
    _nose(canvas, pose)
    _mouth(canvas, pose)
    eyes.draw(canvas, pose)
    _freckles(canvas, pose)


def draw_earrings(canvas: Canvas, pose: Pose) -> None:
    """An earring on each side, swinging after the head."""
    for side in (-1, 1):
        hook = pose.head(points((side * 180, 112)))[0]
        swing = -0.5 * (pose.roll - Pose.roll) + 0.05 * pose.sway(1.0, 3)
        _earring(canvas, hook, swing, 83 + side)


def _light(canvas: Canvas, pose: Pose) -> None:
    """Shade on the left with cuts reaching into the light, bright cuts on the right."""
    rng = np.random.default_rng(53)
    rim = points((-260, 290), (-260, -290))
    canvas.fill(pose.head(np.vstack([_SHADE_EDGE, rim])), SKIN_SHADE)
    y = -215.0
    while y < 245:
        edge = float(np.interp(y, _SHADE_EDGE[:, 1], _SHADE_EDGE[:, 0]))
        reach = rng.uniform(16, 46)
        cut = arc((edge - rng.uniform(14, 30), y), (edge + reach, y + rng.uniform(2, 12)), 0.06)
        canvas.fill(pose.head(stroke(cut, rng.uniform(6, 10), head=1)), SKIN_SHADE)
        deep = arc((edge - 75, y - 4), (edge - rng.uniform(18, 40), y + 5), 0.06)
        canvas.fill(pose.head(stroke(deep, rng.uniform(4, 7), head=1)), SKIN_DEEP)
        bright = arc((196, y - 6), (rng.uniform(128, 158) - 0.0009 * y * y, y + 8), 0.05)
        canvas.fill(pose.head(stroke(bright, rng.uniform(5, 8), head=1)), SKIN_LIGHT)
        y += rng.uniform(10, 16)


def _cheeks(canvas: Canvas, pose: Pose) -> None:
    rng = np.random.default_rng(59)
    for side in (-1, 1):
        centre = points([side * 112, 84 - 9 * pose.smile])[0]
        for angle in np.arange(0, 2 * np.pi, 0.30):
            heading = angle + rng.uniform(-0.08, 0.08)
            start = centre + rng.uniform(9, 15) * np.array([np.cos(heading), np.sin(heading)])
            petal = stroke(ray(start, heading, rng.uniform(14, 30)), 7.5)
            canvas.fill(pose.head(petal), BLUSH)
        canvas.fill(pose.head(disc(centre, 6)), BLUSH)


def _nose(canvas: Canvas, pose: Pose) -> None:
    canvas.fill(pose.head(_NOSE_SHADE, 8), SKIN_SHADE)
    for y in (-34, -16, 3, 20, 38, 54):
        cut = arc((-18 - max(0, y) * 0.22, y), (-4, y + 9), 0.08)
        canvas.fill(pose.head(stroke(cut, 5), 8), SKIN_DEEP)
    canvas.fill(pose.head(stroke(smooth(points((8, -20), (10, 30), (11, 66))), 8), 10), SKIN_LIGHT)
    canvas.fill(pose.head(disc((9, 78), 6), 12), SKIN_LIGHT)
    for sign in (-1, 1):
        wing = smooth(points((30, 70), (39, 84), (31, 97), (22, 95))) * (sign, 1)
        canvas.fill(pose.head(stroke(wing, 5.5), 8), CHESTNUT)
        hole = smooth(points((24, 96), (15, 92), (7, 99))) * (sign, 1)
        canvas.fill(pose.head(stroke(hole, 6.5), 10), CHESTNUT)


def _mouth(canvas: Canvas, pose: Pose) -> None:
    s = pose.smile
    wide, rise = 62 + 15 * s, 12 * s
    corner = (wide, 158 - rise)
    seam = _even((-corner[0], corner[1]), (-28, 158 + 3 * s), (0, 156 + 4 * s))
    top = _even((-corner[0], corner[1]), (-40, 145 - rise * 0.4), (-15, 136), (0, 141))
    low = _even((-corner[0], corner[1]), (-38, 178 + s), (0, 190 + 3 * s))
    canvas.fill(pose.head(np.vstack([top, seam[::-1]]), 6), LIP)
    canvas.fill(pose.head(np.vstack([seam, low[::-1]]), 6), RED)
    _lip_marks(canvas, pose, seam, low)
    thick = 1 + 3.2 * np.sin(np.pi * np.linspace(0, 1, len(seam)))
    canvas.fill(pose.head(ribbon(seam, thick), 6), WINE)
    for sign in (-1, 1):
        tuck = arc(
            (sign * (wide - 3), corner[1] + 3), (sign * (wide + 9), corner[1] - 9), 0.16 * -sign
        )
        canvas.fill(pose.head(stroke(tuck, 5.5), 4), CHESTNUT)
        fold = smooth(
            points((wide + 20, 116 - rise), (wide + 27, 138 - rise), (wide + 21, 160 - rise))
        )
        canvas.fill(pose.head(stroke(fold * (sign, 1), 0.8 + 3.6 * s), 2), SKIN_DEEP)
    canvas.fill(pose.head(stroke(arc((-26, 206), (26, 206), -0.1), 7)), SKIN_DEEP)
    canvas.fill(pose.head(stroke(arc((-5, 112), (-3, 130), 0.1), 5)), SKIN_SHADE)


def _even(*half: tuple[float, float]) -> Points:
    """A curve through points of the left half, continued as its own mirror image."""
    left = points(*half)
    return smooth(np.vstack([left, mirrored(left)[-2::-1]]))


def _lip_marks(canvas: Canvas, pose: Pose, seam: Points, low: Points) -> None:
    rng = np.random.default_rng(89)
    for share in np.linspace(0.16, 0.84, 11) + rng.uniform(-0.02, 0.02, 11):
        top, bottom = (line[int(share * (len(line) - 1))] for line in (seam, low))
        mark = np.linspace(
            top + (bottom - top) * 0.3, top + (bottom - top) * rng.uniform(0.62, 0.85), 5
        )
        canvas.fill(pose.head(stroke(mark, 4), 6), CORAL)
    glint = smooth(points((10, 172), (20, 172), (30, 168)))
    canvas.fill(pose.head(stroke(glint, 6), 6), CREAM)


def _freckles(canvas: Canvas, pose: Pose) -> None:
    rng = np.random.default_rng(97)
    for side in (-1, 1):
        for _ in range(13):
            spot = rng.normal((side * 66, 58), (26, 13))
            canvas.fill(pose.head(disc(spot, rng.uniform(2, 3.6), steps=12)), SKIN_DEEP)


def _earring(canvas: Canvas, hook: Points, swing: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    down = np.array([np.sin(swing), np.cos(swing)])
    for reach, size in ((2, 9), (20, 13), (52, 25)):
        centre = hook + down * reach
        canvas.fill(disc(centre, size + 3), INK)
        canvas.fill(disc(centre, size), SUN if size != 13 else SEA)
    drop = hook + down * 52
    canvas.fill(star(drop, 20, 8, 0.5, rng.uniform(0, 1)), RED)
    canvas.fill(disc(drop, 7), CREAM)
    for i, lean in enumerate((-0.5, -0.25, 0.0, 0.25, 0.5)):
        start = drop + 24 * np.array([np.sin(swing + lean), np.cos(swing + lean)])
        tip = start + rng.uniform(24, 40) * np.array([np.sin(swing + lean * 0.6), 1.0])
        canvas.fill(stroke(np.linspace(start, tip, 5), 5, head=1), SUN)
        canvas.fill(disc(tip, 6.5), INK)
        canvas.fill(disc(tip, 4.6), (RED, CREAM, SEA)[i % 3])
