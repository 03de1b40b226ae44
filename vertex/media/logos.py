"""Logos: judged as pictures are, and made small for a customer's page."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from vertex.media.colours import keeping_alpha
from vertex.media.images import Bounds, decoded, shrink

MAX_BYTES = 60_000
_BOUNDS = Bounds(min_side=32, max_pixels=25_000_000, max_aspect=10)
_SIDES = (640, 480, 360, 240, 160, 96)  # 96 px are within the bytes whatever they show
_QUALITIES = (90, 80, 70, 60)


@dataclass(frozen=True, slots=True)
class PreparedLogo:
    """A logo as it is sent: free of metadata, as transparent as it was, and small."""

    content: bytes
    extension: str
    width: int
    height: int


def prepare(source: BinaryIO) -> PreparedLogo:
    """Decode the whole picture and make a logo of it, or raise RefusedFileError."""
    with decoded(source, _BOUNDS) as found:
        # in colour before it is shrunk: a colour that means “transparent” must not be mixed
        logo = found.upright(shrink(keeping_alpha(found.image), _SIDES[0]))
    return next(made for made in _ways(logo) if len(made.content) <= MAX_BYTES)


def _ways(logo: Image.Image) -> Iterator[PreparedLogo]:
    """The same logo in files of less and less bytes, the best one first."""
    for side in _SIDES:
        small = shrink(logo, side)
        bare = Image.new(small.mode, small.size)  # Pillow would write comments of the source
        bare.paste(small)
        yield _encoded(bare, "png", optimize=True)
        for quality in _QUALITIES:
            # not by the method that is thorough: it takes a quarter of a minute for some alphas
            yield _encoded(bare, "webp", quality=quality, method=4)


def _encoded(image: Image.Image, extension: str, **options: object) -> PreparedLogo:
    out = io.BytesIO()
    image.save(out, extension, **options)
    return PreparedLogo(out.getvalue(), extension, image.width, image.height)
