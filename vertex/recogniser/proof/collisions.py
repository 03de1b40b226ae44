"""Portraits that a phone would take for one another: copies, crops, the same photo edited."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Recogniser
from vertex.recogniser.marker import decode
from vertex.recogniser.proof.prints import Look, show
from vertex.recogniser.proof.proving import Progress

Grey = NDArray[np.uint8]

LOOKS = (
    Look("copy", size=0.9, light=0.9, background=0),
    Look("copy", size=0.9, tilt=25.0, background=1),
    Look("copy", size=0.6, background=4),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A portrait as it is or will be printed: the picture and its marker."""

    image: bytes
    marker: bytes


@dataclass(frozen=True, slots=True)
class Collision:
    """Two portraits (their numbers in what was given, the lower first) that would be confused.

    `confused` of `looks` simulated looks at a print of one showed the other one.
    """

    first: int
    second: int
    confused: int
    looks: int


def collisions(
    portraits: Sequence[Printed],
    progress: Progress | None = None,
    *,
    new: Collection[int] | None = None,
) -> tuple[Collision, ...]:
    """The pairs of portraits of which one's print would be recognised as the other.

    The recogniser itself looks at simulated prints of each through the marker of the other. Edited
    copies and crops of one photograph are found. A mirrored copy is not, because the recogniser
    does not take it for the same. `new` are the numbers of those that came to an album already
    checked: only pairs with one of them are looked at. `progress(done, total)` is called after
    every pair.

    Raises BadPictureError or BadMarkerError if a file is damaged.
    """
    greys = [decode(portrait.image)[0] for portrait in portraits]
    frames = [[show(grey, look, seed)[0] for seed, look in enumerate(LOOKS)] for grey in greys]
    recognisers = [Recogniser(portrait.marker) for portrait in portraits]
    asked = set(range(len(portraits)) if new is None else new)
    pairs = [pair for pair in combinations(range(len(portraits)), 2) if asked & set(pair)]
    found = []
    for done, (first, second) in enumerate(pairs, 1):
        looks = [
            *_looks(frames[first], recognisers[second]),
            *_looks(frames[second], recognisers[first]),
        ]
        if any(looks):
            found.append(Collision(first, second, sum(looks), len(looks)))
        if progress is not None:
            progress(done, len(pairs))
    return tuple(found)


def _looks(frames: Sequence[Grey], other: Recogniser) -> Iterator[bool]:
    """For each look at a print, whether the other portrait's marker finds itself in it."""
    for frame in frames:
        other.reset()
        yield bool(other.find(frame))
