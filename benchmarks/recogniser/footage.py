"""The photographs that are looked at, and the clips the camera shows."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests import clips, pictures

Floats = NDArray[np.float64]

PORTRAIT = "astronaut"  # all situations; the other photographs some of them
OTHERS = [name for name in pictures.PICTURES if name != PORTRAIT]
QUICK = ["frontal", "tilt55", "fast", "upright"]
OTHER_SITUATIONS = ["frontal", "tilt40", "small30"]
HALF = 120  # frames of an other photograph's clip, four seconds

# What the situations are in the order in which they are shown.
WORDS = {
    "frontal": "frontal, 60 % of the frame's height",
    "large": "110 %, cut by the frame",
    "small30": "30 %",
    "small18": "18 %",
    "tilt20": "tilted 20°",
    "tilt40": "tilted 40°",
    "tilt55": "tilted 55°",
    "tilt68": "tilted 68°",
    "yaw40": "turned away 40°",
    "roll30": "rolled 30°",
    "roll90": "rolled 90°",
    "dim": "30 % of the light",
    "sidelight": "light from the side",
    "glare": "glare",
    "blur": "out of focus, smeared",
    "covered": "30 % covered",
    "slow": "slow motion",
    "fast": "fast motion",
    "leaves": "leaves and comes back",
    "upright": "upright camera",
}

# Harder than standard: for ours alone, offline.
BEYOND = {
    "cover50": clips.Shot(cover=0.5, frames=HALF),
    "tilt72": clips.Shot(tilt=72, frames=HALF),
    "small12": clips.Shot(scale=0.12, frames=HALF),
    "dark": clips.Shot(light=0.06, frames=HALF),
    "noise20": clips.Shot(noise=20, frames=HALF),
    "smear15": clips.Shot(motion_blur=15, frames=HALF),
}
WORDS |= {
    "cover50": "50 % covered",
    "tilt72": "tilted 72°",
    "small12": "12 %",
    "dark": "6 % of the light",
    "noise20": "noise of 20 grey levels",
    "smear15": "smeared over 15 px",
    "swing": "fast motion, every third frame",
}


@dataclasses.dataclass(frozen=True)
class Clip:
    """A photograph in a situation, as a file the browser plays as its camera."""

    picture: str
    situation: str

    @property
    def shot(self) -> clips.Shot:
        """How it is taken."""
        if self.situation in BEYOND:
            return BEYOND[self.situation]
        shot = clips.STANDARD[self.situation]
        return shot if self.picture == PORTRAIT else dataclasses.replace(shot, frames=HALF)

    @property
    def path(self) -> Path:
        """The clip, rendered once."""
        return pictures.clip(self.picture, self.shot)

    @property
    def facts(self) -> dict[str, Any]:
        """What was rendered: see tests/clips.py."""
        facts: dict[str, Any] = json.loads(self.path.with_suffix(".json").read_text())
        return facts


def standard(*, quick: bool) -> list[Clip]:
    """The portrait in the standard situations, and the other photographs."""
    own = [Clip(PORTRAIT, name) for name in (QUICK if quick else clips.STANDARD)]
    return own + [Clip(name, "frontal") for name in (OTHERS[:1] if quick else OTHERS)]


def everything(*, quick: bool) -> list[Clip]:
    """All clips that any part shows."""
    shown = standard(quick=quick)
    more = [Clip(name, shot) for name in OTHERS for shot in OTHER_SITUATIONS]
    beyond = [Clip(PORTRAIT, name) for name in BEYOND]
    return shown if quick else [*shown, *(clip for clip in more if clip not in shown), *beyond]


def distance(corners: Any, truth: Any) -> float:
    """The mean distance of four corners from where they are, px."""
    return float(np.hypot(*(np.reshape(corners, (4, 2)) - np.array(truth)).T).mean())


def prepare(*, quick: bool) -> None:
    """Render what is not in the cache yet, on all cores this process may use."""
    pictures.prepare([(clip.picture, clip.shot) for clip in everything(quick=quick)])
