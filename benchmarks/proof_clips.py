"""What a camera makes of a print: clips of other rooms, hands and lights than the proof's own."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests import clips, pictures
from tests.clips import Pixels, Shot
from vertex.recogniser import Recogniser

_SEEDS = (100, 200)  # each another table, another moment of the hand
_NEAR = 0.05  # of the print's longest side as seen: how far off its corners may be

# Chosen apart from vertex/recogniser/proof/looks.py: a wooden table, a moving hand, other mixtures.
SHOTS: Sequence[Shot] = (
    Shot(scale=0.55, motion=0.5, noise=5),
    Shot(scale=0.33, tilt=30, roll=15, noise=5),
    Shot(scale=0.24, yaw=20, light=0.7, noise=5),
    Shot(scale=0.16, light=0.9, noise=3),
    Shot(scale=0.13, roll=-40, noise=3),
    Shot(scale=0.5, tilt=48, roll=70, noise=4),
    Shot(scale=0.6, yaw=-62, noise=4),
    Shot(scale=0.6, tilt=69, noise=4),
    Shot(scale=0.45, light=0.22, noise=4, motion=0.3),
    Shot(scale=0.5, light=0.11, noise=3),
    Shot(scale=0.4, side_light=0.75, tilt=-25, noise=6),
    Shot(scale=0.5, blur=2.4, light=0.7, noise=4),
    Shot(scale=0.7, blur=3.5, noise=4),
    Shot(scale=0.5, motion_blur=11, roll=160, noise=4),
    Shot(scale=0.6, motion_blur=19, noise=4),
    Shot(scale=0.55, glare=0.9, yaw=25, noise=4),
    Shot(scale=0.5, cover=0.25, light=0.6, noise=6),
    Shot(scale=0.6, cover=0.42, noise=4),
    Shot(scale=0.5, noise=17, light=0.7),
    Shot(scale=0.3, tilt=40, yaw=30, blur=1.2, light=0.5, noise=6),
    Shot(scale=0.75, motion=1.0, noise=4),
    Shot(scale=0.2, tilt=35, light=0.5, noise=5),
    Shot(scale=0.4, tilt=58, yaw=15, light=0.6, noise=4),
    Shot(scale=0.35, light=0.35, blur=1.6, noise=5, roll=95),
    Shot(scale=0.3, motion_blur=9, light=0.6, noise=5),
    Shot(scale=0.18, blur=1.0, noise=5, side_light=0.4),
    Shot(scale=0.45, glare=0.7, cover=0.2, noise=5),
    Shot(scale=0.38, noise=11, tilt=20, roll=-20),
    Shot(scale=0.5, side_light=0.9, light=0.5, noise=4),
    Shot(scale=0.28, yaw=-50, light=0.8, noise=4),
)


def recognition_rate(marker: bytes, picture: Pixels, shots: Sequence[Shot] = SHOTS) -> float:
    """The share of frames in which the print was found in its place, each seen from scratch."""
    recogniser = Recogniser(marker)
    known = [
        _known(recogniser, picture, shot, seed + i)
        for seed in _SEEDS
        for i, shot in enumerate(shots)
    ]
    return sum(map(sum, known)) / sum(map(len, known))


def _known(recogniser: Recogniser, picture: Pixels, shot: Shot, seed: int) -> list[bool]:
    clip = _clip(picture, shot, seed)
    truth = json.loads(clip.with_suffix(".json").read_text())["corners"]
    height, width = picture.shape[:2]
    outline = np.array([[[0.0, 0]], [[width, 0]], [[width, height]], [[0, height]]])
    known = []
    for frame, corners in zip(clips.read_frames(clip), truth, strict=True):
        recogniser.reset()
        quad = np.array(corners)
        longest = np.linalg.norm(np.roll(quad, 1, axis=0) - quad, axis=1).max()
        known.append(
            any(
                np.linalg.norm(
                    cv2.perspectiveTransform(outline, hit.homography)[:, 0] - quad, axis=1
                ).mean()
                <= _NEAR * longest
                for hit in recogniser.find(frame)
            )
        )
    return known


def _clip(picture: Pixels, shot: Shot, seed: int) -> Path:
    """The clip from the cache, rendered if it is not there yet; `scale` is of the long side."""
    height, width = picture.shape[:2]
    scale = shot.scale * height / max(height, width)
    asked = dataclasses.replace(shot, scale=scale, frames=1)
    source = Path(clips.__file__).read_bytes() + picture.tobytes()
    key = hashlib.sha256(source + repr((asked, seed)).encode()).hexdigest()[:16]
    path = pictures.CACHE / f"proof-{key}.mjpeg"
    if not path.with_suffix(".json").exists():
        clips.write(picture, asked, pictures.CACHE, path.stem, seed)
    return path
