"""A lighter marker of a portrait: the descriptors that say most, and a coarser template."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.errors import BadMarkerError
from vertex.recogniser.markerfile import Descriptors, Portrait, read_marker, write_marker
from vertex.recogniser.views import shrink_to_area

_LIKE = 44  # of 256 bits by which descriptors may differ, of which one stands for the other
_NEAR = 0.03  # of the portrait's sides: seen there, they are the same corner in other views
_STEP = 16  # grey levels: a template of few tones is packed to a third


@dataclass(frozen=True, slots=True)
class Lightness:
    """How much of each portrait is kept: its descriptors, and the px of its template."""

    descriptors: int
    area: int


def lighten(marker: bytes, lightness: Lightness) -> bytes:
    """A marker of the same portrait with less in it; raise BadMarkerError if it has several."""
    portraits, descriptors = read_marker(marker)
    if len(portraits) != 1:
        raise BadMarkerError("portraits")
    [portrait] = portraits
    coarse = shrink_to_area(portrait.template, lightness.area, max(portrait.template.shape))
    few = np.minimum(np.round(coarse / _STEP) * _STEP, 255).astype(np.uint8)
    return write_marker(
        [Portrait(portrait.size, few, portrait.views)],
        descriptors[_representatives(descriptors, lightness.descriptors)],
    )


def _representatives(descriptors: Descriptors, count: int) -> NDArray[np.intp]:
    """Up to `count` of them, each standing for the most that none before it stands for.

    A corner that many views show alike is what a camera will most likely see.
    """
    like = _likeness(descriptors)
    left = np.ones(len(like), np.bool_)
    gain = like.sum(axis=1)
    chosen: list[int] = []
    while len(chosen) < min(count, len(like)):
        best = int(np.argmax(gain))
        if gain[best] <= 0:  # all have one that stands for them
            break
        chosen.append(best)
        covered = like[best] & left
        gain -= like[:, covered].sum(axis=1)
        left[covered] = False
    return np.sort(np.array(chosen, np.intp))


def _likeness(descriptors: Descriptors) -> NDArray[np.bool_]:
    """Of each two, whether one may stand for the other."""
    signs = np.unpackbits(descriptors.bits, axis=1).astype(np.float32) * 2 - 1
    bits = (256 - signs @ signs.T) / 2
    places = descriptors.places.astype(np.float32) / 65535
    apart = np.abs(places[:, None] - places[None]).max(axis=2)
    return np.asarray((bits <= _LIKE) & (apart <= _NEAR))
