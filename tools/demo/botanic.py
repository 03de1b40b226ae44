"""Leaves, branches and flowers, cut from coloured paper."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.demo.canvas import Canvas
from tools.demo.geometry import (
    Points,
    along,
    arc,
    blade,
    disc,
    normals,
    points,
    ray,
    smooth,
    star,
    stroke,
    turned,
)
from tools.demo.palette import CREAM, INK, SUN, Colour

Random = np.random.Generator


@dataclass(frozen=True)
class Dye:
    """The three colours of a leaf or a petal."""

    base: Colour
    light: Colour
    cut: Colour


def leaf(canvas: Canvas, rib: Points, width: float, dye: Dye, rng: Random) -> None:
    """A leaf in two tones with veins cut out of it."""
    whole = blade(rib, width)
    canvas.fill(whole, dye.base)
    half = len(rib)
    canvas.fill(np.vstack([whole[:half], rib[::-1]]), dye.light)
    canvas.fill(stroke(rib, max(2.6, width * 0.07), head=1), dye.cut)
    count = max(3, int(len_of(rib) / rng.uniform(13, 19)))
    for where in np.linspace(0.2, 0.8, count) + rng.uniform(-0.03, 0.03, count):
        _vein(canvas, rib, float(where), width, dye.cut, rng)


def _vein(
    canvas: Canvas, rib: Points, where: float, width: float, cut: Colour, rng: Random
) -> None:
    start, ahead = along(rib, [where, min(where + 0.14, 1.0)])
    forward = ahead - start
    side = np.array([-forward[1], forward[0]]) / max(float(np.hypot(*forward)), 1e-6)
    reach = width * 0.36 * np.sin(np.pi * where) * rng.uniform(0.7, 1.0)
    for sign in (-1, 1):
        if rng.random() < 0.14:
            continue
        tip = start + forward * rng.uniform(0.8, 1.2) + sign * side * reach
        canvas.fill(stroke(arc(start, tip, 0.08 * sign), max(2.4, width * 0.06), head=1), cut)


def len_of(line: Points) -> float:
    """The length of a line."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def branch(
    canvas: Canvas,
    knots: Points,
    dyes: Sequence[Dye],
    rng: Random,
    *,
    size: float,
    sway: tuple[float, float],
) -> None:
    """A stem with leaves and berries on both sides; `sway` bends all of it and turns each leaf."""
    stem = _bent(smooth(knots, 12), sway[0])
    ribs = _ribs(stem, size, sway[1], rng)
    canvas.shadow([blade(rib, width) for rib, width in ribs], INK, strength=0.5)
    canvas.fill(stroke(stem, 7, head=1), dyes[0].cut)
    for rib, width in ribs:
        leaf(canvas, rib, width, dyes[int(rng.integers(len(dyes)))], rng)
        if rng.random() < 0.45:
            _berries(canvas, rib[0], rib[-1] - rib[0], rng)


def _bent(stem: Points, bend: float) -> Points:
    share = np.linspace(0, 1, len(stem))[:, None] ** 2
    reach = stem - stem[0]
    bent: Points = stem + share * bend * np.stack([-reach[:, 1], reach[:, 0]], axis=1)
    return bent


def _ribs(stem: Points, size: float, swing: float, rng: Random) -> list[tuple[Points, float]]:
    ribs = []
    across = normals(stem)
    where, side = rng.uniform(0.03, 0.09), 1
    spacing = size * 0.46 / len_of(stem)
    while where < 0.97:
        base = along(stem, where)
        nearest = across[int(where * (len(stem) - 1))] * side
        heading = np.arctan2(nearest[1], nearest[0]) - side * rng.uniform(0.35, 0.8)
        length = size * rng.uniform(0.75, 1.2) * (1 - 0.35 * where)
        rib = ray(base, heading + swing * rng.uniform(0.5, 1.2), length, -side * 0.12)
        ribs.append((rib, length * rng.uniform(0.34, 0.46)))
        where += spacing * rng.uniform(0.75, 1.25)
        side = -side
    tip = stem[-1] - stem[-3]
    ribs.append((ray(stem[-1], np.arctan2(tip[1], tip[0]) + swing, size * 0.8), size * 0.3))
    return ribs


def _berries(canvas: Canvas, base: Points, heading: Points, rng: Random) -> None:
    side = rng.choice([-1, 1])
    for _ in range(int(rng.integers(1, 4))):
        twist = side * rng.uniform(0.5, 1.1)
        reach = heading * rng.uniform(0.3, 0.62)
        tip = turned(np.atleast_2d(base + reach), base, twist)[0]
        canvas.fill(stroke(arc(base, tip, 0.1), 3.4, head=1), CREAM)
        berry(canvas, tip, rng.uniform(6, 9.5))


def berry(canvas: Canvas, centre: Points, radius: float, colour: Colour = SUN) -> None:
    """A berry with a dark rim and a glint."""
    canvas.fill(disc(centre, radius + 2.5), INK)
    canvas.fill(disc(centre, radius), colour)
    canvas.fill(disc(centre - 0.3 * radius, radius * 0.3), CREAM)


def flower(
    canvas: Canvas,
    centre: Sequence[float] | Points,
    radius: float,
    dye: Dye,
    seed: int,
    turn: float,
) -> None:
    """A flower of uneven petals around a seeded heart; the same seed is the same flower."""
    rng = np.random.default_rng(seed)
    middle = np.asarray(centre, dtype=np.float64)
    count = int(rng.integers(6, 10))
    angles = turn + (np.arange(count) + rng.uniform(-0.12, 0.12, count)) * 2 * np.pi / count
    lengths = radius * rng.uniform(0.9, 1.08, count)
    petals = [
        _petal(middle, a, n, radius * 5.6 / count) for a, n in zip(angles, lengths, strict=True)
    ]
    canvas.shadow(petals, INK, blur=9, shift=(5, 9))
    for angle, length, petal in zip(angles, lengths, petals, strict=True):
        canvas.fill(_petal(middle, angle, length * 1.05, radius * 6.4 / count), dye.cut)
        canvas.fill(petal, dye.base)
        _petal_marks(canvas, middle, angle, length, dye, rng)
    _heart(canvas, middle, radius * 0.3, dye, rng)


def _petal(centre: Points, angle: float, length: float, width: float) -> Points:
    return blade(ray(centre, angle, length), width, belly=0.62)


def _petal_marks(
    canvas: Canvas, centre: Points, angle: float, length: float, dye: Dye, rng: Random
) -> None:
    inner = length * rng.uniform(0.66, 0.8)
    canvas.fill(_petal(centre, angle, inner, length * 0.34), dye.light)
    for offset in (-0.15, 0.0, 0.15):
        start = centre + length * 0.36 * np.array([np.cos(angle + offset), np.sin(angle + offset)])
        reach = length * rng.uniform(0.22, 0.46)
        canvas.fill(stroke(ray(start, angle + offset * 0.4, reach), length * 0.05), dye.cut)


def _heart(canvas: Canvas, centre: Points, radius: float, dye: Dye, rng: Random) -> None:
    canvas.fill(star(centre, radius * 1.28, int(rng.integers(9, 14)), 0.78, 0.2), dye.cut)
    canvas.fill(disc(centre, radius), SUN)
    for _ in range(int(radius * 1.1)):
        angle, reach = rng.uniform(0, 2 * np.pi), radius * 0.82 * np.sqrt(rng.random())
        seed = centre + reach * points([np.cos(angle), np.sin(angle)])[0]
        canvas.fill(disc(seed, rng.uniform(1.5, 2.9)), dye.cut if rng.random() < 0.7 else CREAM)
