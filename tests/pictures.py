"""Real photographs for tests, from scikit-image's wheel, and what can be done to them."""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import skimage.data

from tests import clips

Pixels = clips.Pixels

CACHE = Path(__file__).parents[1] / ".cache" / "clips"


@cache
def astronaut() -> Pixels:
    """A portrait, 750 x 1000 px (BGR): head and shoulders of the astronaut."""
    return _enlarge(skimage.data.astronaut()[0:400, 60:360], 2.5)


@cache
def chelsea() -> Pixels:
    """A cat, 902 x 600 px (BGR)."""
    return _enlarge(skimage.data.chelsea(), 2.0)


@cache
def coffee() -> Pixels:
    """A cup of coffee, 960 x 640 px (BGR)."""
    return _enlarge(skimage.data.coffee(), 1.6)


@cache
def motorcycle() -> Pixels:
    """A motorcycle in a workshop, 1000 x 675 px (BGR)."""
    return _enlarge(skimage.data.stereo_motorcycle()[0], 1.35)


@cache
def hubble() -> Pixels:
    """Galaxies, 1000 x 872 px (BGR)."""
    return _enlarge(skimage.data.hubble_deep_field(), 1.0)


PICTURES = {"astronaut": astronaut, "chelsea": chelsea, "coffee": coffee}
PICTURES |= {"motorcycle": motorcycle, "hubble": hubble}


def _enlarge(rgb: Pixels, by: float) -> Pixels:
    large = cv2.resize(rgb[:, :, ::-1], None, fx=by, fy=by, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


def jpeg(picture: Pixels) -> bytes:
    """The picture as an uploaded file."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def prepare(wanted: list[tuple[str, str | clips.Shot]]) -> None:
    """Render clips that are not in the cache yet, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(clip, *zip(*wanted, strict=True)))


def clip(name: str, shot: str | clips.Shot) -> Path:
    """A camera clip of one of PICTURES as uploaded, rendered once and kept in the cache."""
    situation = clips.STANDARD[shot] if isinstance(shot, str) else shot
    source = Path(clips.__file__).read_bytes() + jpeg(PICTURES[name]())
    key = hashlib.sha256(source + repr(situation).encode()).hexdigest()[:16]
    path = CACHE / f"{name}-{key}.mjpeg"
    if not path.with_suffix(".json").exists():
        printed = cv2.imdecode(np.frombuffer(jpeg(PICTURES[name]()), np.uint8), cv2.IMREAD_COLOR)
        cv2.setNumThreads(1)  # several are rendered at once
        clips.write(np.asarray(printed, np.uint8), situation, CACHE, path.stem)
    return path
