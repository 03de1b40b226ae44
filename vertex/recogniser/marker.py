"""From a portrait to its marker file: views, their features by the core, and a template."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from vertex.recogniser.engine import Core
from vertex.recogniser.errors import BadPictureError, PoorPictureError
from vertex.recogniser.markerfile import Descriptors, Portrait, write_marker
from vertex.recogniser.proof import is_recognisable
from vertex.recogniser.views import SIZES, TILTED_SIZES, View, make_views, shrink_to_area

Grey = NDArray[np.uint8]

FEATURES_PER_VIEW = 60
VIEW_LEVELS = 3
VIEW_THRESHOLD = 4
LEVEL_STEP = 1.2  # between the core's pyramid levels
TEMPLATE_AREA = 46_000
TEMPLATE_LONGEST = 300
WORKING_SIDE = 1024  # no view is larger than half of it
MIN_CONTRAST = 4.0  # standard deviation in grey levels
MIN_DESCRIPTORS = 100
THREADS = 2  # more gain little: making a view is short


def build_marker(image: bytes, size: tuple[int, int] | None = None) -> bytes:
    """The marker file of an upright picture (JPEG, PNG or WebP); same picture, same bytes.

    Homographies will speak of its px, or of those of the original it is a preview of, if the
    original's `size` (width, height) is given.

    Raises BadPictureError if it cannot be decoded, PoorPictureError if it is too poor in detail.
    """
    grey, own_size = decode(image)
    if float(grey.std()) < MIN_CONTRAST:
        raise PoorPictureError("flat")
    views = describe_views(grey)
    if sum(len(view.descriptors) for view in views) < MIN_DESCRIPTORS:
        raise PoorPictureError("too_few_features")
    marker = pack(grey, size or own_size, views)
    if not is_recognisable(marker, grey):
        raise PoorPictureError("not_found_again")
    return marker


def decode(image: bytes) -> tuple[Grey, tuple[int, int]]:
    """The picture in grey, at most WORKING_SIDE long, and its real width and height."""
    try:
        with Image.open(BytesIO(image), formats=("JPEG", "PNG", "WEBP")) as picture:
            size = picture.size
            picture.draft("L", (WORKING_SIDE, WORKING_SIDE))
            grey = np.asarray(picture.convert("L"))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadPictureError(str(error)) from None
    return shrink_to_area(grey, WORKING_SIDE * WORKING_SIDE, WORKING_SIDE), size


@dataclass(frozen=True, slots=True)
class DescribedView:
    """What a view shows: its features' places, and how each was seen.

    `places` (n x 2) in 65535ths of the portrait's sides, `descriptors` (n x 32), `levels` (n) of
    the view's pyramid, `angles` (n) in 256ths of a turn; `matrix` (2 x 2) from fractions of the
    portrait to px of the view.
    """

    matrix: NDArray[np.float64]
    places: NDArray[np.uint16]
    descriptors: Grey
    levels: Grey
    angles: Grey


def describe_views(
    grey: Grey, sizes: tuple[int, ...] = SIZES, tilted_sizes: tuple[int, ...] = TILTED_SIZES
) -> list[DescribedView]:
    """The features of a portrait's views, mapped back onto the portrait."""
    mine = threading.local()

    def describe(view: View) -> DescribedView:
        if not hasattr(mine, "core"):
            mine.core = Core()
        return _describe(mine.core, view)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(describe, make_views(grey, sizes, tilted_sizes)))


def pack(grey: Grey, size: tuple[int, int], views: list[DescribedView]) -> bytes:
    """The marker file of a portrait whose real size is given in px."""
    template = shrink_to_area(grey, TEMPLATE_AREA, TEMPLATE_LONGEST)
    sides = np.array([2 * size[0] / size[1], 2.0])  # of the portrait in unit coordinates
    levels = [
        view.matrix / sides / LEVEL_STEP**level for view in views for level in range(VIEW_LEVELS)
    ]
    seen_in = [VIEW_LEVELS * k + view.levels for k, view in enumerate(views)]
    return write_marker(
        [Portrait(size, template, np.array(levels, "<f4"))],
        Descriptors(
            np.concatenate([view.places for view in views]),
            np.concatenate([view.descriptors for view in views]),
            np.zeros(sum(len(view.places) for view in views), np.uint8),
            np.concatenate(seen_in).astype(np.uint8),
            np.concatenate([view.angles for view in views]),
        ),
    )


def _describe(core: Core, view: View) -> DescribedView:
    height, width = view.pixels.shape
    matrix = np.asarray(np.linalg.inv(view.to_fraction[:2, :2]), np.float64)
    if min(width, height) < core.MIN_SIDE:
        nothing = np.empty(0, np.uint8)
        return DescribedView(
            matrix, np.empty((0, 2), "<u2"), np.empty((0, 32), np.uint8), nothing, nothing
        )
    features, descriptors = core.extract(
        view.pixels, FEATURES_PER_VIEW, VIEW_LEVELS, VIEW_THRESHOLD
    )
    points = np.stack([features["x"], features["y"], np.ones(len(features))])
    fractions = (view.to_fraction @ points)[:2].T
    inside = ((fractions >= 0) & (fractions <= 1)).all(axis=1)
    turns = np.arctan2(features["sin"], features["cos"]) / (2 * np.pi)
    angles = np.round(turns * 256).astype(np.int64) % 256
    return DescribedView(
        matrix,
        np.round(fractions[inside] * 65535).astype("<u2"),
        descriptors[inside],
        features["level"][inside].astype(np.uint8),
        angles[inside].astype(np.uint8),
    )
