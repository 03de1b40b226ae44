"""What moves: the pose of the head and the face at each moment of the film."""

from dataclasses import dataclass

import numpy as np

from tools.demo.geometry import Points

SECONDS = 6.0
_CENTRE = np.array([600.0, 640.0])
_NECK = np.array([600.0, 960.0])
_SKULL = np.array([236.0, 320.0])
_DEPTH = 190.0


@dataclass(frozen=True)
class Pose:
    """Angles in radians; `blink`, `smile` and `brows` from 0 to 1; `phase` of the loop likewise."""

    yaw: float = 0.09
    pitch: float = 0.0
    roll: float = -0.045
    blink: float = 0.0
    smile: float = 0.22
    brows: float = 0.0
    gaze: float = 0.0
    phase: float = 0.0

    def sway(self, offset: float, cycles: int = 2) -> float:
        """A swing between about -2 and 2 that is 0 in the first frame, whatever its offset."""
        return float(np.sin(2 * np.pi * cycles * self.phase + offset) - np.sin(offset))

    def head(self, shape: Points, lift: float = 0.0, follow: float | Points = 1.0) -> Points:
        """Place a shape given relative to the face's centre; `lift` brings it nearer to us.

        Each point is put on an egg-shaped skull which is then turned, so that the nose moves
        more than the ears; with `follow` below 1 it stays closer to where it rests.
        """
        moved = self._turned(shape, lift)
        if np.ndim(follow) == 0 and float(np.asarray(follow)) == 1.0:
            return moved
        still = REST._turned(shape, lift)
        weight = np.asarray(follow, dtype=np.float64)
        placed: Points = still + (moved - still) * (weight[:, None] if weight.ndim else weight)
        return placed

    def _turned(self, shape: Points, lift: float) -> Points:
        inside = 1 - ((shape / _SKULL) ** 2).sum(axis=1)
        z = _DEPTH * np.sqrt(inside.clip(0)) + lift
        x = shape[:, 0] * np.cos(self.yaw) + z * np.sin(self.yaw)
        y = shape[:, 1] * np.cos(self.pitch) + z * np.sin(self.pitch)
        c, s = np.cos(self.roll), np.sin(self.roll)
        placed = np.stack([x, y], axis=1) + _CENTRE - _NECK
        rolled: Points = placed @ np.array([[c, s], [-s, c]]) + _NECK
        return rolled


REST = Pose()

# Each track: (second, value), eased between; all of them start and end at rest.
_TRACKS: dict[str, tuple[tuple[float, float], ...]] = {
    "yaw": ((0.5, 0.09), (1.7, -0.13), (2.8, -0.13), (4.2, 0.21), (4.8, 0.21), (5.9, 0.09)),
    "pitch": ((0.5, 0.0), (1.7, 0.03), (2.8, 0.02), (3.5, 0.07), (4.3, -0.02), (5.9, 0.0)),
    "roll": ((0.6, -0.045), (1.9, 0.05), (2.9, 0.05), (4.3, -0.085), (4.8, -0.085), (5.9, -0.045)),
    "smile": ((0.7, 0.22), (1.8, 1.0), (4.7, 1.0), (5.8, 0.22)),
    "brows": ((0.9, 0.0), (1.5, 1.0), (2.6, 0.3), (3.6, 0.1), (4.3, 0.9), (5.6, 0.0)),
    "gaze": ((0.4, 0.0), (0.9, -0.7), (2.6, -0.4), (3.2, 0.7), (4.6, 0.4), (5.4, 0.0)),
}
_BLINKS = ((0.62, 0.17), (3.05, 0.19), (5.05, 0.15))


def pose_at(second: float) -> Pose:
    """The pose at a moment of the film, which loops."""
    values = {name: _eased(track, second) for name, track in _TRACKS.items()}
    blink = max(_lid(second, middle, half) for middle, half in _BLINKS)
    return Pose(**values, blink=blink, phase=second / SECONDS % 1.0)


def _eased(track: tuple[tuple[float, float], ...], second: float) -> float:
    moments = np.array([moment for moment, _ in track])
    if second <= moments[0] or second >= moments[-1]:
        return track[0][1]
    i = int(np.searchsorted(moments, second, side="right")) - 1
    (start, low), (end, high) = track[i], track[i + 1]
    t = (second - start) / (end - start)
    return low + (high - low) * t * t * (3 - 2 * t)


def _lid(second: float, middle: float, half: float) -> float:
    away = abs(second - middle) / half
    return float(np.clip(1.25 * (1 - away**2), 0, 1))
