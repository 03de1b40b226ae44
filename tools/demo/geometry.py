"""Outlines as arrays of points: curves, strokes, leaves, stars and discs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Place = Sequence[float] | Points


def points(*pairs: Sequence[float]) -> Points:
    """The pairs as an array of points."""
    return np.array(pairs, dtype=np.float64)


def smooth(knots: ArrayLike, steps: int = 10, *, closed: bool = False) -> Points:
    """A Catmull-Rom curve through the knots."""
    p = np.asarray(knots, dtype=np.float64)
    p = np.vstack([p[-1], p, p[:2]]) if closed else np.vstack([p[0], p, p[-1]])
    a, b, c, d = (p[i : len(p) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3
    )
    curve = curve.reshape(-1, 2)
    return curve if closed else np.vstack([curve, p[-1]])


def progress(line: Points) -> NDArray[np.float64]:
    """How far along the line each of its points lies, from 0 to 1."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    return along / max(float(along[-1]), 1e-9)


def along(line: Points, where: float | Sequence[float] | NDArray[np.float64]) -> Points:
    """The points of the line at the given shares of its length."""
    s = progress(line)
    return np.stack([np.interp(where, s, line[:, i]) for i in (0, 1)], axis=-1)


def normals(line: Points) -> Points:
    """Unit vectors across the line."""
    tangent = np.gradient(line, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)[:, None]
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


def ribbon(line: Points, half_width: ArrayLike) -> Points:
    """The outline of a band around the line."""
    across = normals(line) * np.broadcast_to(np.asarray(half_width), (len(line),))[:, None]
    return np.vstack([line + across, (line - across)[::-1]])


def stroke(line: Points, width: float, *, taper: float = 0.7, head: float = 0.0) -> Points:
    """A brush stroke pointed at both ends; with `head` 1 its start is as broad as its middle."""
    s = progress(line)
    swell = np.sin(np.pi * s) ** taper
    blunt = np.where(s < 0.5, 1.0, swell)
    return ribbon(line, width / 2 * ((1 - head) * swell + head * blunt))


def arc(start: Place, end: Place, bulge: float, steps: int = 9) -> Points:
    """A bowed line from start to end; bulge is its height as a share of its length."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    t = np.linspace(0, 1, steps)[:, None]
    side = np.array([-(b - a)[1], (b - a)[0]])
    return a + (b - a) * t + side * bulge * 4 * t * (1 - t)


def ray(base: Place, angle: float, length: float, bend: float = 0.0) -> Points:
    """A bowed line leaving the base at an angle."""
    tip = np.asarray(base) + length * np.array([np.cos(angle), np.sin(angle)])
    return arc(base, tip, bend)


def disc(centre: Place, radius: float, squash: float = 1.0, steps: int = 0) -> Points:
    """A circle, or an upright ellipse whose height is `squash` times its width."""
    angles = np.linspace(0, 2 * np.pi, steps or max(14, int(radius * 1.2)), endpoint=False)
    ring = np.stack([np.cos(angles), squash * np.sin(angles)], axis=1)
    return radius * ring + np.asarray(centre, dtype=np.float64)


def star(centre: Place, radius: float, rays: int, waist: float, turn: float) -> Points:
    """A star whose inner corners lie at `waist` times its radius."""
    angles = turn + np.arange(2 * rays) * np.pi / rays
    reach = radius * np.where(np.arange(2 * rays) % 2, waist, 1.0)
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    placed: Points = reach[:, None] * corners + np.asarray(centre, dtype=np.float64)
    return placed


def blade(line: Points, width: float, belly: float = 0.42) -> Points:
    """A leaf around its midrib, broadest at the share `belly` of its length."""
    s = progress(line)
    warped = s ** (np.log(0.5) / np.log(belly))
    return ribbon(line, width / 2 * np.sin(np.pi * warped) ** 0.85)


def turned(shape: Points, pivot: Place, angle: float) -> Points:
    """The shape turned about the pivot."""
    c, s = np.cos(angle), np.sin(angle)
    placed: Points = (shape - pivot) @ np.array([[c, s], [-s, c]]) + pivot
    return placed


def moved(shape: Points, right: float, down: float) -> Points:
    """The shape in another place."""
    placed: Points = shape + np.array([right, down])
    return placed


def mirrored(shape: Points) -> Points:
    """The shape with left and right exchanged about x = 0."""
    flipped: Points = shape * np.array([-1.0, 1.0])
    return flipped
