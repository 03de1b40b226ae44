"""What to do about a portrait that is recognised poorly: stable codes, most helpful first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Core
from vertex.recogniser.marker import decode
from vertex.recogniser.proof.signs import differing_bits, signs

Grey = NDArray[np.uint8]

Code = Literal["sharper", "contrast", "larger", "repetitive", "crop_closer", "texture"]

GOOD = 5  # a rating beyond advice
SIDE = 480  # px of the long side at which a portrait is looked at here
LEAST_SIDE = 600  # px: a portrait that is smaller has nothing to show from near
LEAST_CONTRAST = 90  # grey levels between the darkest and the brightest twentieth
LEAST_SHARPNESS = 0.05  # see _sharpness(); photographs have 0.1 to 0.3
LEAST_FILLED = 0.5  # share of the portrait's fields with details
LEAST_CLOSER = 0.65  # a crop is worth it that leaves at most so much of the portrait
MOST_REPEATED = 0.4  # share of features that are like another one elsewhere
LIKE = 20  # bits in which such features differ
DETAIL = 4.0  # standard deviation of a field's details, grey levels
_FIELDS = 8  # along the long side


@dataclass(frozen=True, slots=True)
class Advice:
    """What would help; `code` is stable, the words are the web layer's.

    `sharper`: the photo is soft. `contrast`: dark and bright lie too close together; `levels` apart
    of 255. `larger`: too few px; `px` is its long side. `repetitive`: a pattern looks alike in many
    places; `percent` of its features. `crop_closer`: details fill only `percent` of the picture,
    `left`, `top`, `right`, `bottom` (percent of width and height) is the part worth keeping.
    `texture`: large plain areas, only `percent` has something to recognise; a livelier background
    helps.
    """

    code: Code
    parameters: Mapping[str, int]


def advise(grey: Grey, rating: int = 1) -> tuple[Advice, ...]:
    """What would help a portrait (upright, in grey) of this rating; nothing for the best."""
    if rating >= GOOD:
        return ()
    ratio = min(1.0, SIDE / max(grey.shape))
    small = np.asarray(
        cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8
    )
    advice: list[Advice] = []
    dark, bright = np.percentile(small, [5, 95])
    if bright - dark < LEAST_CONTRAST:
        advice.append(Advice("contrast", {"levels": round(float(bright - dark))}))
    if _sharpness(small) < LEAST_SHARPNESS:
        advice.append(Advice("sharper", {}))
    if max(grey.shape) < LEAST_SIDE:
        advice.append(Advice("larger", {"px": max(grey.shape)}))
    faint = any(one.code in ("contrast", "sharper") for one in advice)
    repeated = _repeated(small)
    if repeated > MOST_REPEATED:
        advice.append(Advice("repetitive", {"percent": round(100 * repeated)}))
    filled = _filled(small)
    if filled.mean() < LEAST_FILLED and not faint:  # else it is not the subject that is plain
        advice.append(_about_plain(filled))
    return tuple(advice)


def advise_on(image: bytes) -> tuple[Advice, ...]:
    """What would help a picture (JPEG, PNG or WebP) that nothing recognises.

    Raises BadPictureError if it cannot be decoded.
    """
    return advise(decode(image)[0])


def _sharpness(grey: Grey) -> float:
    """How much of the picture's variation lies in its finest details, 0 to 1.

    The share of the standard deviation that a blur of 1.5 px takes away.
    """
    fine = grey.astype(np.float32) - cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    return float(fine.std() / max(1.0, float(grey.std())))


def _repeated(grey: Grey) -> float:
    """The share of features that the recogniser could take for another one elsewhere."""
    if min(grey.shape) < Core.MIN_SIDE:
        return 0.0
    features, descriptors = Core().extract(grey, 500, 3, 10)
    if len(features) < 2:
        return 0.0
    places = np.stack([features["x"], features["y"]], axis=1) / max(grey.shape)
    bits = signs(descriptors)
    far = np.abs(places[:, None] - places[None]).max(axis=2) > 0.1
    return float(((differing_bits(bits, bits) < LIKE) & far).any(axis=1).mean())


def _filled(grey: Grey) -> NDArray[np.bool_]:
    """Which fields of the portrait (rows x columns) have details."""
    fine = grey.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), 3)
    rows, columns = (max(2, round(_FIELDS * side / max(grey.shape))) for side in grey.shape)
    strips = (np.array_split(row, columns, axis=1) for row in np.array_split(fine, rows, axis=0))
    return np.array([[field.std() >= DETAIL for field in strip] for strip in strips])


def _about_plain(filled: NDArray[np.bool_]) -> Advice:
    """A closer crop if the details lie together, else a livelier background."""
    rows, columns = np.flatnonzero(filled.any(axis=1)), np.flatnonzero(filled.any(axis=0))
    if len(rows) and len(columns):
        top, bottom = rows[0] / filled.shape[0], (rows[-1] + 1) / filled.shape[0]
        left, right = columns[0] / filled.shape[1], (columns[-1] + 1) / filled.shape[1]
        if (bottom - top) * (right - left) <= LEAST_CLOSER:
            sides = {"left": left, "top": top, "right": right, "bottom": bottom}
            box = {name: round(100 * float(value)) for name, value in sides.items()}
            return Advice("crop_closer", {"percent": round(100 * float(filled.mean())), **box})
    return Advice("texture", {"percent": round(100 * float(filled.mean()))})
