"""Neck, beads and an embroidered blouse."""

from functools import cache

import numpy as np

from tools.demo.background import GOLD, GREEN, PALE
from tools.demo.botanic import Dye, berry, flower, leaf
from tools.demo.canvas import Canvas
from tools.demo.geometry import Points, arc, disc, points, ray, smooth, star, stroke
from tools.demo.palette import (
    CORAL,
    CREAM,
    INK,
    MINT,
    PLUM,
    RED,
    SAND,
    SEA,
    SKIN,
    SKIN_DEEP,
    SKIN_SHADE,
    SUN,
    TEAL,
    WINE,
    Colour,
)
from tools.demo.pose import Pose

_THROAT = points([600, 1010])[0]
_SQUASH = 0.86
_BLOUSE = smooth(
    points(
        (20, 1640), (58, 1450), (130, 1285), (270, 1175), (430, 1105), (500, 1068), (530, 1120),
        (600, 1150), (670, 1120), (700, 1068), (770, 1105), (930, 1175), (1070, 1285),
        (1142, 1450), (1180, 1640),
    )
)  # fmt: skip
_CREAMY = Dye(CREAM, SAND, RED)

# (outer radius, ground, inks of its motifs)
_BANDS: tuple[tuple[float, Colour, tuple[Colour, ...]], ...] = (
    (158, SUN, (WINE, RED)),
    (196, WINE, (SUN, CREAM, CORAL)),
    (224, CREAM, (TEAL, RED)),
    (282, TEAL, (SUN, CREAM, CORAL)),
    (306, SUN, (PLUM, RED)),
    (368, PLUM, (CORAL, SUN, MINT, CREAM)),
    (394, CREAM, (RED, TEAL)),
)


def draw_neck(canvas: Canvas, pose: Pose) -> None:
    """The neck, shaded by the chin."""
    lean = 40 * (pose.roll - Pose.roll) + 30 * (pose.yaw - Pose.yaw)
    left = points((516 + lean, 840), (520 + lean * 0.5, 960), (498, 1040), (440, 1110))
    right = points((760, 1110), (702, 1040), (682 + lean * 0.5, 960), (686 + lean, 840))
    neck = np.vstack([smooth(left), points((600, 1220)), smooth(right)])
    canvas.fill(neck, SKIN)
    with canvas.inside(neck):
        rng = np.random.default_rng(101)
        chin = disc((600 + lean - 16, 850), 160, 0.9)
        canvas.fill(chin, SKIN_SHADE)
        for x in np.arange(470, 730, 13) + rng.uniform(-4, 4, 20):
            top = 985 - 0.004 * (x - 590) ** 2
            cut = arc((x, top - 40), (x + rng.uniform(-8, 4), top + rng.uniform(14, 62)), 0.04)
            canvas.fill(stroke(cut, rng.uniform(6, 9), head=1), SKIN_SHADE)
            canvas.fill(stroke(cut - (6, 62), rng.uniform(4, 7)), SKIN_DEEP)
        for sign in (-1, 1):
            bone = smooth(points((18, 1108), (70, 1092), (130, 1086)) * (sign, 1) + (600, 0))
            canvas.fill(stroke(bone, 8), SKIN_DEEP)


def draw_blouse(canvas: Canvas) -> None:
    """The blouse, which is still: its many flowers would cost the film more than all else."""
    canvas.shadow([_BLOUSE], WINE, blur=14, shift=(0, -8), strength=0.5)
    canvas.fill(_BLOUSE, RED)
    with canvas.inside(_BLOUSE):
        _cloth(canvas)
        _collar(canvas)
    canvas.fill(stroke(_BLOUSE, 7, head=1), INK)


def draw_beads(canvas: Canvas) -> None:
    """Two strings of uneven beads."""
    rng = np.random.default_rng(103)
    for depth, colours in ((96, (RED, CREAM, SUN)), (52, (SEA, SUN, CORAL))):
        line = smooth(points((500, 1020), (535, 1020 + depth * 0.8), (600, 1030 + depth)))
        line = np.vstack([line, (points((1200, 0)) - line * (1, -1))[-2::-1]])
        spots = np.linspace(0, len(line) - 1, 22)
        for i, spot in enumerate(spots):
            centre = line[round(float(spot))]
            berry(
                canvas, centre, rng.uniform(5.5, 9.5), colours[int(rng.integers(3)) if i % 2 else 0]
            )


def _collar(canvas: Canvas) -> None:
    rng = np.random.default_rng(107)
    for outer, ground, _ in reversed(_BANDS):
        canvas.fill(disc(_THROAT, outer + 4, _SQUASH, 160), INK)
        canvas.fill(disc(_THROAT, outer, _SQUASH, 160), ground)
    inner = 120.0
    for outer, _, inks in _BANDS:
        _motifs(canvas, (inner + outer) / 2, outer - inner, inks, rng)
        inner = outer


def _motifs(
    canvas: Canvas,
    radius: float,
    broad: float,
    inks: tuple[Colour, ...],
    rng: np.random.Generator,
) -> None:
    """Stitched figures along one band, no two neighbours alike."""
    angle = -0.25
    while angle < np.pi + 0.25:
        size = broad * rng.uniform(0.3, 0.43)
        spot = _THROAT + radius * np.array([np.cos(angle), _SQUASH * np.sin(angle)])
        outward = np.arctan2(_SQUASH * np.sin(angle), np.cos(angle))
        _motif(canvas, spot, size, outward, inks, rng)
        angle += (size * 2 + rng.uniform(4, 10)) / radius


def _motif(
    canvas: Canvas,
    spot: Points,
    size: float,
    outward: float,
    inks: tuple[Colour, ...],
    rng: np.random.Generator,
) -> None:
    first, second = (inks[int(i)] for i in rng.choice(len(inks), 2, replace=False))
    kind = int(rng.integers(6))
    if kind == 0:
        canvas.fill(star(spot, size, 2, 0.62, outward), first)
        canvas.fill(star(spot, size * 0.5, 2, 0.62, outward), second)
    elif kind == 1:
        canvas.fill(star(spot, size, int(rng.integers(5, 9)), 0.5, outward), first)
        canvas.fill(disc(spot, size * 0.3), second)
    elif kind == 2:
        canvas.fill(disc(spot, size * 0.8), first)
        canvas.fill(disc(spot, size * 0.42), second)
    elif kind == 3:
        canvas.fill(star(spot, size * 1.05, 3, 0.5, outward + np.pi * int(rng.integers(2))), first)
    elif kind == 4:
        for lean in (-0.7, 0.0, 0.7):
            line = ray(spot - size * _unit(outward), outward + lean, size * 1.9)
            canvas.fill(stroke(line, size * 0.5), first if lean else second)
    else:
        for turn in (0.0, np.pi / 2):
            line = ray(spot - size * _unit(outward + turn), outward + turn, size * 2)
            canvas.fill(stroke(line, size * 0.62), first if turn else second)


def _unit(angle: float) -> Points:
    return np.array([np.cos(angle), np.sin(angle)])


@cache
def _strewn() -> list[tuple[Points, float]]:
    """Places and sizes of the figures on the cloth, none upon another."""
    rng = np.random.default_rng(109)
    found: list[tuple[Points, float]] = []
    for size in (50, 42, 31, 21, 12, 7):
        for _ in range(1400):
            spot = rng.uniform((10, 1090), (1190, 1610))
            clear = np.hypot(*((spot - _THROAT) / (1, _SQUASH))) > _BANDS[-1][0] + size + 6
            gaps = (np.hypot(*(spot - s)) > 1.1 * (size + r) + 2 for s, r in found)
            if clear and all(gaps):
                found.append((spot, float(size)))
    return found


def _cloth(canvas: Canvas) -> None:
    """Flowers, leaves and stars strewn over the blouse."""
    rng = np.random.default_rng(113)
    for i, (spot, size) in enumerate(_strewn()):
        turn = rng.uniform(0, 2 * np.pi)
        if size > 40:
            _spray(canvas, spot, size * 1.4, rng)
            flower(canvas, spot, size, (_CREAMY, GOLD, GREEN)[i % 3], 127 + i, turn)
        elif size > 30:
            flower(canvas, spot, size, (PALE, _CREAMY, GOLD)[i % 3], 127 + i, turn)
        elif size > 20:
            rib = ray(spot - size * 1.3 * _unit(turn), turn, size * 2.6, 0.12)
            leaf(canvas, rib, size * 1.1, (GREEN, PALE, GOLD)[int(rng.integers(3))], rng)
        else:
            colour: Colour = (WINE, CREAM, SUN, WINE)[int(rng.integers(4))]
            canvas.fill(star(spot, size * 1.2, int(rng.integers(3, 7)), 0.42, turn), colour)


def _spray(canvas: Canvas, centre: Points, length: float, rng: np.random.Generator) -> None:
    for turn in np.arange(5) * 1.256 + rng.uniform(0, 1.2):
        rib = ray(centre, float(turn), length * rng.uniform(1.0, 1.15), 0.12)
        leaf(canvas, rib, length * 0.42, (GREEN, PALE)[int(rng.integers(2))], rng)
