"""The picture of a proof: where on the portrait a phone finds its way."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from vertex.recogniser.errors import BadPictureError
from vertex.recogniser.proof.places import Place

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 1000  # px of the long side of what is drawn
GLOW = 0.035  # of the long side: how far a feature's light reaches
DIM = 0.38  # brightness left where nothing is recognised
DOT = (64, 224, 196)  # RGB


def draw_features(image: bytes, places: Sequence[Place]) -> bytes:
    """A JPEG of the portrait, in colour where a phone recognises it and dim where it does not.

    Each dot is a recognised feature, the larger the more reliable it is. `image` is the picture
    that was proved, `places` are its Proof's. Raises BadPictureError if it cannot be decoded.
    """
    portrait = _read(image)
    glow = _glow(portrait.shape[:2], places)[..., None]
    grey = cv2.cvtColor(portrait, cv2.COLOR_RGB2GRAY).astype(np.float32)
    dim = grey[..., None] * np.array([0.92, 0.97, 1.1], np.float32) * DIM
    lit = dim + (portrait.astype(np.float32) - dim) * glow
    canvas = np.clip(lit, 0, 255).astype(np.uint8)
    _dot(canvas, places)
    out = BytesIO()
    Image.fromarray(canvas).save(out, "JPEG", quality=88)
    return out.getvalue()


def _read(image: bytes) -> Pixels:
    try:
        with Image.open(BytesIO(image), formats=("JPEG", "PNG", "WEBP")) as picture:
            picture.draft("RGB", (SIDE, SIDE))
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadPictureError(str(error)) from None
    ratio = SIDE / max(pixels.shape[:2])
    way = cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=way), np.uint8)


def _glow(shape: tuple[int, int], places: Sequence[Place]) -> Floats:
    """How well each px is covered by recognised features, 0 to 1."""
    height, width = shape
    sigma = GLOW * max(shape)
    light = np.zeros(shape, np.float32)
    for place in places:
        x = min(int(place.x * width), width - 1)
        y = min(int(place.y * height), height - 1)
        light[y, x] += place.share
    # so scaled that one feature alone, always recognised, gives a light of 1 at its place
    light = cv2.GaussianBlur(light, (0, 0), sigma) * np.float32(2 * np.pi * sigma * sigma)
    return np.asarray(1 - np.exp(-1.6 * light), np.float32)


def _dot(canvas: Pixels, places: Sequence[Place]) -> None:
    height, width = canvas.shape[:2]
    unit = max(canvas.shape) / 1000
    for place in sorted(places, key=lambda place: place.share):
        # OpenCV draws between pixels when it is given sixteenths
        middle = (round(place.x * width * 16), round(place.y * height * 16))
        radius = unit * (2.2 + 3.8 * place.share)
        cv2.circle(canvas, middle, round((radius + 1.6 * unit) * 16), (18, 30, 34), -1, 16, 4)
        cv2.circle(canvas, middle, round(radius * 16), DOT, -1, 16, 4)
