"""Where on a portrait the features lie by which the recogniser knows it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Core
from vertex.recogniser.marker import describe_views
from vertex.recogniser.proof.signs import differing_bits, signs

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

MAX_DISTANCE = 64  # bits in which a descriptor may differ, as in core/matching.c
NEAR = 0.02  # of the portrait's longest side: how far from its place a feature may be seen
_LOOKED_FOR = (600, 6, 8)  # features, levels and threshold of a frame, about those of find()
_MOST = 400  # places that are told


@dataclass(frozen=True, slots=True)
class Place:
    """A feature of the portrait, in fractions of width and height, and how many hits it served.

    `share` (0 to 1) is of the hits that were asked, not of all looks.
    """

    x: float
    y: float
    share: float


class PlaceCount:
    """Counts, hit by hit, which of a portrait's features were recognised."""

    def __init__(self, portrait: Grey) -> None:
        """Describe the portrait as its marker does."""
        self._core = Core()
        self._size = np.array(portrait.shape[::-1], np.float64)
        views = describe_views(portrait)
        self._places = np.concatenate([view.places for view in views]).astype(np.float64) / 65535
        self._signs = signs(np.concatenate([view.descriptors for view in views]))
        self._served = np.zeros(len(self._places))
        self._hits = 0

    @property
    def places(self) -> Floats:
        """Places of all features (n x 2) in fractions, whether recognised or not."""
        return self._places

    def add(self, frame: Grey, homography: Floats) -> None:
        """Count the features of a frame in which the portrait was found.

        `homography` maps fractions of the portrait to px of the frame.
        """
        features, descriptors = self._core.extract(frame, *_LOOKED_FOR)
        seen = np.stack([features["x"], features["y"]], axis=1).astype(np.float64)
        where = cv2.perspectiveTransform(seen[:, None], np.linalg.inv(homography))[:, 0]
        inside = ((where > -NEAR) & (where < 1 + NEAR)).all(axis=1)
        self._hits += 1
        if not inside.any():
            return
        far = (where[inside][:, None] - self._places[None]) * (self._size / self._size.max())
        fits = (far**2).sum(axis=2) < NEAR**2
        fits &= differing_bits(signs(descriptors[inside]), self._signs) < MAX_DISTANCE
        self._served += fits.any(axis=0)

    def result(self) -> tuple[Place, ...]:
        """The places that served, the most faithful first; views of one place are one."""
        order = np.argsort(-self._served, kind="stable")
        taken: list[int] = []
        scale = self._size / self._size.max()
        for i in order[self._served[order] > 0]:
            near = np.abs((self._places[taken] - self._places[i]) * scale) < NEAR / 2
            if not near.all(axis=1).any():
                taken.append(int(i))
            if len(taken) == _MOST:
                break
        return tuple(
            Place(
                round(float(self._places[i, 0]), 4),
                round(float(self._places[i, 1]), 4),
                round(float(self._served[i]) / self._hits, 3),
            )
            for i in taken
        )
