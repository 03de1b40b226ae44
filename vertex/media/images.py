"""Pictures: decoded and judged by content, and the clean pictures made from them."""

import io
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import BinaryIO

from PIL import Image

from vertex.media.colours import to_grey, to_srgb
from vertex.media.errors import RefusedFileError
from vertex.media.formats import OpenedImage, name_of, open_image

ACCEPTED = "JPEG, PNG, WebP"
MIN_SIDE = 200
MAX_PIXELS = 100_000_000
MAX_ASPECT = 4
PREVIEW_SIDE = 1600
MARKER_PREVIEW_SIDE = 640
SMALL_SIDE = 400  # for phones, where the page itself is to weigh little
THUMBNAIL_SIDE = 144  # for an album's strip, on a screen of two px per CSS px
_QUALITY = 85
_SMALL_QUALITY = 64
_THUMBNAIL_QUALITY = 55
_MEGAPIXEL = 1_000_000

_DECODING = BoundedSemaphore(2)  # at 100 megapixels one decoding may hold several 100 MB

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_THEIR_SIDE = (5, 6, 7, 8)

# Everything Pillow's parsers are known to raise on damaged files.
_DAMAGE = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How small, how large and how narrow a picture may be."""

    min_side: int
    max_pixels: int
    max_aspect: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """The pixels of an accepted picture, perhaps a part of them, as they lie in the file."""

    image: Image.Image
    content_type: str
    extension: str
    width: int
    height: int
    orientation: int

    def upright(self, made: Image.Image) -> Image.Image:
        """Turn what was made of the pixels as the picture is meant to be looked at."""
        turn = _UPRIGHT.get(self.orientation)
        return made if turn is None else made.transpose(turn)


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """An accepted picture: its kind, its upright size, and a preview free of metadata."""

    content_type: str
    extension: str
    width: int
    height: int
    preview: bytes


def prepare(source: BinaryIO, *, max_pixels: int = MAX_PIXELS) -> PreparedImage:
    """Decode the whole picture and make its preview, or raise RefusedFileError."""
    with decoded(source, Bounds(MIN_SIDE, max_pixels, MAX_ASPECT)) as found:
        preview = found.upright(to_srgb(shrink(found.image, PREVIEW_SIDE)))
    width, height = found.width, found.height
    if found.orientation in _ON_THEIR_SIDE:
        width, height = height, width
    return PreparedImage(found.content_type, found.extension, width, height, _jpeg(preview))


@contextmanager
def decoded(source: BinaryIO, bounds: Bounds) -> Iterator[Decoded]:
    """Give the pixels of a still picture, or raise RefusedFileError; few hold theirs at a time."""
    opened = _open(source)
    width, height = opened.image.size
    _judge_size(width, height, bounds)
    with _DECODING, opened.image:
        image, orientation = _decode(opened.image, width, height)
        _judge_wholeness(source, opened)
        kind = opened.kind
        yield Decoded(image, kind.content_type, kind.extension, width, height, orientation)


def marker_preview(preview: bytes) -> bytes:
    """Return the grey picture, about as coarse as the recogniser sees it, of a preview of ours."""
    with Image.open(io.BytesIO(preview), formats=["JPEG"]) as image:
        return _jpeg(shrink(image.convert("L"), MARKER_PREVIEW_SIDE))


def small(preview: bytes) -> bytes:
    """Return a small version, of some 20 kB, of a preview of ours."""
    with Image.open(io.BytesIO(preview), formats=["JPEG"]) as image:
        return _jpeg(shrink(image, SMALL_SIDE), quality=_SMALL_QUALITY)


def thumbnail(small: bytes) -> bytes:
    """Return a version of some 3 kB of a picture of ours."""
    with Image.open(io.BytesIO(small), formats=["JPEG"]) as image:
        return _jpeg(shrink(image, THUMBNAIL_SIDE), quality=_THUMBNAIL_QUALITY)


def poster(frame: BinaryIO) -> bytes:
    """Return a video frame, given as PNG, as a JPEG free of metadata."""
    with Image.open(frame, formats=["PNG"]) as image:
        return _jpeg(image.convert("RGB"))


def shrink(image: Image.Image, longest: int) -> Image.Image:
    """Return the picture no longer than this, of 8 bits a channel."""
    image = to_grey(image) if image.mode.startswith(("I", "F")) else image
    share = longest / max(image.size)
    if share >= 1:
        return image
    if image.mode in ("P", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _open(source: BinaryIO) -> OpenedImage:
    source.seek(0)
    head = source.read(64)
    source.seek(0)
    if not head:
        raise RefusedFileError("image_empty")
    try:
        opened = open_image(source, head)
    except _DAMAGE:
        raise RefusedFileError("image_damaged") from None
    if opened is None:
        raise _not_accepted(name_of(head))
    if opened.frames > 1:
        raise RefusedFileError("image_animated")
    return opened


def _not_accepted(found: str) -> RefusedFileError:
    if not found:
        return RefusedFileError("image_unknown")
    return RefusedFileError("image_format", found=found)


def _judge_size(width: int, height: int, bounds: Bounds) -> None:
    if width * height > bounds.max_pixels:
        megapixels = math.ceil(width * height / _MEGAPIXEL)
        limit = bounds.max_pixels // _MEGAPIXEL
        raise RefusedFileError("image_megapixels", found=megapixels, limit=limit)
    if min(width, height) < bounds.min_side:
        raise RefusedFileError("image_small", width=width, height=height, limit=bounds.min_side)
    if max(width, height) > bounds.max_aspect * min(width, height):
        limit = bounds.max_aspect
        raise RefusedFileError("image_narrow", width=width, height=height, limit=limit)


def _decode(image: Image.Image, width: int, height: int) -> tuple[Image.Image, int]:
    share = min(1.0, 2 * PREVIEW_SIDE / max(width, height))
    try:
        # A JPEG is decoded at a fraction of its size where that is enough, yet to its end.
        image.draft(None, (math.ceil(width * share), math.ceil(height * share)))
        image.load()
    except (*_DAMAGE, MemoryError):
        raise RefusedFileError("image_damaged") from None
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except (*_DAMAGE, AttributeError):  # broken metadata does not make a picture unusable
        orientation = 1
    return image, orientation


def _judge_wholeness(source: BinaryIO, opened: OpenedImage) -> None:
    if not opened.kind.is_whole(source):
        raise RefusedFileError("image_damaged")


def _jpeg(image: Image.Image, *, quality: int = _QUALITY) -> bytes:
    bare = Image.new(image.mode, image.size)  # Pillow would write comments found in the source
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
