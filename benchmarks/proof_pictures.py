"""The pictures on which the proof is calibrated: photographs, and what may be wrong with them."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import skimage.data

from tests.clips import Pixels
from tests.pictures import astronaut, chelsea, coffee


def _read(name: str, longest: int = 1000) -> Pixels:
    picture = getattr(skimage.data, name)()
    if isinstance(picture, tuple):
        picture = picture[0]
    bgr = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.ndim == 2 else picture[:, :, ::-1]
    by = longest / max(bgr.shape)
    way = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(bgr, None, fx=by, fy=by, interpolation=way), np.uint8)


def _soft(picture: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def _pale(picture: Pixels, contrast: float) -> Pixels:
    return (150 + contrast * (picture.astype(np.float32) - 128)).clip(0, 255).astype(np.uint8)


def _headshot() -> Pixels:
    """A small head before a plain backdrop, as of a passport photograph taken from afar."""
    face = astronaut()[:560, 190:610]
    backdrop = np.full((1000, 750, 3), (176, 168, 160), np.uint8)
    height, width = face.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    away = ((x - width / 2) / (0.46 * width)) ** 2 + ((y - height / 2) / (0.47 * height)) ** 2
    share = np.clip((1 - away) * 4, 0, 1)[..., None]
    part = backdrop[250 : 250 + height, 165 : 165 + width]
    part[:] = (part + (face - part.astype(np.float32)) * share).astype(np.uint8)
    return backdrop


def _face() -> Pixels:
    """A crop so tight that there is little but skin."""
    face = astronaut()[190:430, 300:480]
    return np.asarray(cv2.resize(face, (750, 1000), interpolation=cv2.INTER_CUBIC), np.uint8)


PICTURES: Mapping[str, Callable[[], Pixels]] = {
    "astronaut": astronaut,
    "astronaut, soft": lambda: _soft(astronaut(), 6),
    "astronaut, very soft": lambda: _soft(astronaut(), 14),
    "astronaut, hopeless": lambda: _soft(astronaut(), 24),
    "astronaut, pale": lambda: _pale(astronaut(), 0.3),
    "headshot, plain backdrop": _headshot,
    "face alone": _face,
    "cat": chelsea,
    "cat, soft": lambda: _soft(chelsea(), 5),
    "coffee": coffee,
    "coffee, pale": lambda: _pale(coffee(), 0.2),
    "coffee, soft": lambda: _soft(coffee(), 7),
    "coins": lambda: _read("coins"),
    "moon": lambda: _read("moon"),
    "page of text": lambda: _read("page"),
    "retina": lambda: _read("retina"),
    "stars": lambda: _read("hubble_deep_field"),
    "tissue": lambda: _read("immunohistochemistry"),
}
