"""Hair: locks that flow from the parting, each carved a little differently."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.demo.canvas import Canvas
from tools.demo.geometry import Points, along, mirrored, points, progress, ribbon, smooth, stroke
from tools.demo.palette import AMBER, CHESTNUT, COPPER, CORAL, INK, PLUM, SAND, WINE, Colour
from tools.demo.pose import Pose

_TONES: tuple[Colour, ...] = (PLUM, WINE, CHESTNUT, COPPER, CHESTNUT, COPPER)
_CUTS: tuple[Colour, ...] = (AMBER, SAND, CORAL, INK)


@dataclass(frozen=True)
class Fall:
    """Hair between an inner and an outer edge, given relative to the face's centre."""

    inner: Points
    outer: Points
    locks: int
    seed: int
    lift: float


_BACK = Fall(
    smooth(points(
        (20, -262), (120, -250), (180, -150), (186, 0), (160, 150), (192, 300), (172, 430),
        (214, 560),
    )),
    smooth(points(
        (0, -300), (150, -312), (272, -214), (312, -50), (330, 120), (396, 270), (372, 420),
        (430, 570),
    )),
    locks=11, seed=61, lift=-50,
)  # fmt: skip
_FRONT = Fall(
    smooth(points(
        (24, -216), (92, -190), (142, -122), (178, -20), (188, 100), (214, 230), (182, 370),
        (206, 500), (176, 640),
    )),
    smooth(points(
        (14, -318), (130, -316), (246, -228), (280, -60), (282, 110), (338, 260), (300, 410),
        (330, 560), (284, 720),
    )),
    locks=9, seed=67, lift=20,
)  # fmt: skip


def draw_back(canvas: Canvas, pose: Pose) -> None:
    """The hair behind the neck."""
    for side in (-1, 1):
        _fall(canvas, pose, _BACK, side)
    nape = points((-190, -150), (190, -150), (200, 330), (150, 520), (-150, 520), (-200, 330))
    canvas.fill(pose.head(nape, -60, 0.4), INK)
    rng = np.random.default_rng(59)
    for x in range(-196, 200, 11):
        start, end = (x + rng.normal(0, 4), 60), (x * 1.1 + rng.normal(0, 12), 500)
        line = pose.head(smooth(points(start, (x, 260), end)), -60, 0.4)
        canvas.fill(stroke(line, rng.uniform(5, 9)), (PLUM, WINE, CHESTNUT)[int(rng.integers(3))])


def draw_front(canvas: Canvas, pose: Pose) -> None:
    """The hair that frames the forehead and falls over the shoulders."""
    for side in (-1, 1):
        _fall(canvas, pose, _FRONT, side)


def _fall(canvas: Canvas, pose: Pose, fall: Fall, side: int) -> None:
    rng = np.random.default_rng(fall.seed + side)
    edges = [_placed(edge, pose, fall, side, 0.0) for edge in (fall.inner, fall.outer)]
    inner, outer = (edge[: int(len(edge) * 0.74)] for edge in edges)
    outer = inner + (outer - inner) * np.linspace(1, 0.7, len(outer))[:, None]
    whole = np.vstack([inner, outer[::-1]])
    canvas.shadow([whole], INK, blur=16, strength=0.6)
    canvas.fill(whole, INK)
    where = np.linspace(1, 0, fall.locks) + rng.uniform(-0.02, 0.02, fall.locks)
    for share in where.clip(0.01, 0.99):
        _lock(canvas, pose, fall, side, float(share), rng)


def _placed(line: Points, pose: Pose, fall: Fall, side: int, offset: float) -> Points:
    """A line of hair on the head at its root and hanging free at its tip."""
    own = line if side > 0 else mirrored(line)
    s = progress(own)
    follow = 1 - np.clip((s - 0.35) / 0.65, 0, 1) ** 1.3 * 0.85
    hung = pose.head(own, fall.lift, follow)
    swing = 9 * pose.sway(offset, 1) * s**2.5
    return hung + np.stack([swing, np.zeros_like(swing)], axis=1)


def _lock(
    canvas: Canvas, pose: Pose, fall: Fall, side: int, share: float, rng: np.random.Generator
) -> None:
    s = np.linspace(0, rng.uniform(0.84, 1.0), 48)
    beat = 2.2 * share + fall.seed + rng.uniform(-0.35, 0.35)
    wave = share + 0.2 * np.sin(s * 13 + beat) * np.minimum(1, 1.6 * s) ** 1.5
    line = along(fall.inner, s) * (1 - wave)[:, None] + along(fall.outer, s) * wave[:, None]
    line = _placed(line, pose, fall, side, share * 2)
    body = np.minimum(1, np.linspace(0.3, 3.0, 48)) * np.minimum(1, np.linspace(4.4, 0.04, 48))
    width = 150 / fall.locks * rng.uniform(0.75, 1.15)
    tone = _TONES[int(rng.integers(len(_TONES)))]
    canvas.fill(ribbon(line, width * body + 2.2), INK)
    canvas.fill(ribbon(line, width * body), tone)
    _carve(canvas, line, width * body, rng)


def _carve(
    canvas: Canvas, line: Points, half: Sequence[float] | Points, rng: np.random.Generator
) -> None:
    """Cuts along the lock: long lines broken at random, or a row of short notches."""
    across = ribbon(line, half)[: len(line)] - line
    for lane in rng.permutation([-0.58, -0.18, 0.2, 0.6])[: int(rng.integers(2, 4))]:
        track = line + across * lane
        at = rng.uniform(0.02, 0.1)
        colour = _CUTS[int(rng.choice(4, p=[0.36, 0.24, 0.16, 0.24]))]
        notched = rng.random() < 0.3
        while at < 0.9:
            length = rng.uniform(0.018, 0.035) if notched else rng.uniform(0.08, 0.26)
            cut = along(track, np.linspace(at, min(at + length, 0.96), 5 if notched else 12))
            canvas.fill(
                stroke(cut, rng.uniform(4.5, 7) if notched else rng.uniform(3, 5.2)), colour
            )
            at += length + (rng.uniform(0.012, 0.03) if notched else rng.uniform(0.03, 0.1))
