"""The night behind the head: a carved sun, stars, and branches that sway."""

from functools import cache

import numpy as np

from tools.demo.botanic import Dye, branch
from tools.demo.canvas import HEIGHT, WIDTH, Canvas
from tools.demo.geometry import Points, disc, mirrored, moved, points, ray, star, stroke
from tools.demo.palette import (
    AMBER,
    CORAL,
    CREAM,
    DUSK,
    MINT,
    NIGHT,
    RED,
    SAND,
    SEA,
    SUN,
    TEAL,
    WINE,
    Colour,
)
from tools.demo.pose import Pose

_SUN = points([600, 590])[0]
_RADIUS = 455.0

GREEN = Dye(TEAL, SEA, MINT)
PALE = Dye(SEA, MINT, NIGHT)
GOLD = Dye(AMBER, SUN, WINE)
ROSE = Dye(RED, CORAL, SAND)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Everything behind the figure."""
    _carved_night(canvas)
    _stars(canvas, pose)
    _sun(canvas, pose)
    _branches(canvas, pose)


def _carved_night(canvas: Canvas) -> None:
    """Gouge marks around the sun, as a linocut's cleared ground shows them."""
    rng = np.random.default_rng(11)
    for _ in range(620):
        spot = rng.uniform((-20, -20), (WIDTH + 20, HEIGHT + 20))
        out = spot - _SUN
        heading = np.arctan2(out[1], out[0]) + np.pi / 2 + rng.normal(0, 0.16)
        mark = stroke(ray(spot, heading, rng.uniform(26, 84), 0.05), rng.uniform(3, 7))
        canvas.fill(mark, DUSK if rng.random() < 0.72 else TEAL)


@cache
def _sky() -> list[tuple[Points, float]]:
    """Places and sizes of the stars, none upon another, none upon the sun."""
    rng = np.random.default_rng(23)
    found: list[tuple[Points, float]] = []
    for _ in range(9000):
        spot, size = rng.uniform((8, 8), (WIDTH - 8, HEIGHT - 8)), rng.choice([27, 18, 11, 6])
        clear = np.hypot(*(spot - _SUN)) > _RADIUS + 80
        if clear and all(np.hypot(*(spot - s)) > 1.15 * (size + r) + 9 for s, r in found):
            found.append((spot, float(size)))
    return found


def _stars(canvas: Canvas, pose: Pose) -> None:
    rng = np.random.default_rng(29)
    inks: tuple[Colour, ...] = (CREAM, SUN, CORAL, MINT)
    for spot, size in _sky():
        colour = inks[int(rng.choice(4, p=[0.42, 0.3, 0.14, 0.14]))]
        rays, turn = int(rng.integers(4, 8)), rng.uniform(0, np.pi)
        waist, offset = rng.uniform(0.28, 0.46), rng.uniform(0, 6)
        glow = 1 + 0.1 * pose.sway(offset, 3)
        if size < 8:
            canvas.fill(disc(spot, size * 0.72), colour)
            continue
        canvas.fill(star(spot, size * glow, rays, waist, turn), colour)
        if size > 15:
            canvas.fill(star(spot, size * 0.46, rays, waist, turn + 0.4), WINE)


def _sun(canvas: Canvas, pose: Pose) -> None:
    rng = np.random.default_rng(31)
    canvas.shadow([disc(_SUN, _RADIUS + 30)], NIGHT, blur=40, shift=(0, 0), strength=0.8)
    _rays(canvas, pose, rng)
    canvas.fill(disc(_SUN, _RADIUS), WINE)
    canvas.fill(disc(_SUN, _RADIUS - 9), SUN)
    _gouges(canvas, rng, _RADIUS - 18, AMBER, 250)
    _gouges(canvas, rng, _RADIUS - 62, CORAL, 150)
    _beads(canvas, rng)


def _rays(canvas: Canvas, pose: Pose, rng: np.random.Generator) -> None:
    angle = 0.0
    while angle < 2 * np.pi - 0.03:
        width, length = rng.uniform(0.028, 0.062), rng.uniform(34, 92)
        reach = _RADIUS + length * (1 + 0.05 * pose.sway(rng.uniform(0, 6), 2))
        corners = [(angle, _RADIUS - 4), (angle + width / 2, reach), (angle + width, _RADIUS - 4)]
        wedge = np.array([_SUN + r * np.array([np.cos(a), np.sin(a)]) for a, r in corners])
        colour: Colour = (SUN, AMBER, CORAL, CREAM)[int(rng.choice(4, p=[0.4, 0.28, 0.2, 0.12]))]
        canvas.fill(wedge, colour)
        angle += width + rng.uniform(0.004, 0.02)


def _gouges(
    canvas: Canvas, rng: np.random.Generator, radius: float, colour: Colour, count: int
) -> None:
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False):
        heading = angle + rng.normal(0, 0.008)
        start = _SUN + radius * np.array([np.cos(heading), np.sin(heading)])
        line = ray(start, heading + np.pi + rng.normal(0, 0.05), rng.uniform(20, 110))
        canvas.fill(stroke(line, rng.uniform(3.5, 8), head=0.8), colour)


def _beads(canvas: Canvas, rng: np.random.Generator) -> None:
    angle = 0.0
    while angle < 2 * np.pi - 0.02:
        size = rng.uniform(3.5, 8)
        spot = _SUN + (_RADIUS - 14) * np.array([np.cos(angle), np.sin(angle)])
        canvas.fill(disc(spot, size), RED if rng.random() < 0.5 else CREAM)
        angle += (size * 2 + rng.uniform(6, 15)) / _RADIUS


def _branches(canvas: Canvas, pose: Pose) -> None:
    """Branches that grow in from the edges, left and right alike but never equal."""
    grown = (
        (((-30, 1130), (70, 960), (95, 790), (60, 600), (110, 450)), (GREEN, PALE), 128, 41),
        (((-20, 420), (50, 300), (150, 190), (160, 70)), (GOLD, GREEN), 104, 43),
        (((120, -30), (230, 60), (350, 80), (450, 50)), (PALE, ROSE), 92, 47),
    )
    for i, (knots, dyes, size, seed) in enumerate(grown):
        left = points(*knots)
        right = moved(mirrored(left), WIDTH, 26 - 17 * i)
        for stem, offset in ((left, 0.0), (right, 1.3)):
            rng = np.random.default_rng(seed + int(stem[0, 0] > 600))
            bend = 0.022 * pose.sway(offset + i, 1)
            turn = 0.075 * pose.sway(offset + 2 * i, 2)
            branch(canvas, stem, dyes, rng, size=size, sway=(bend, turn))
