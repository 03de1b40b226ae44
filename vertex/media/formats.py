"""Which kind of file this is, told by its first bytes and never by its name."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

_PNG_END = b"IEND\xaeB`\x82"
_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class ImageKind:
    """A kind of picture that is accepted."""

    content_type: str
    extension: str
    open: Callable[[BinaryIO], Image.Image]
    is_whole: Callable[[BinaryIO], bool]


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """A picture whose header is read and whose pixels are not."""

    image: Image.Image
    kind: ImageKind
    frames: int


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of video file that is accepted; `demuxer` is ffmpeg's word for what reads it."""

    name: str
    demuxer: str
    extension: str


def open_image(source: BinaryIO, head: bytes) -> OpenedImage | None:
    """Open an accepted picture, or return None if it is of no accepted kind.

    Pillow's Image.open would make a phone's JPEG with a second picture behind it an MPO, and has a
    limit of pixels of its own that can only be set for the whole process.
    """
    kind = _kind(head)
    if kind is None:
        return None
    image = kind.open(source)
    return OpenedImage(image, kind, getattr(image, "n_frames", 1))


def is_image(head: bytes) -> bool:
    """Tell whether a file that begins so is of a kind of picture that is accepted."""
    return _kind(head) is not None


def name_of(head: bytes) -> str:
    """Return what people call the kind of file that begins so, or nothing if it is not known."""
    for start, name in _NAMES:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF":
        return {b"WEBP": "WebP", b"AVI ": "AVI", b"WAVE": "WAV"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "3GP" if head[8:10] == b"3g" else _BRANDS.get(head[8:12], "MP4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "QuickTime (MOV)"
    return ""


def container_of(head: bytes) -> Container | None:
    """Return the accepted kind of video file that begins so, or None."""
    name = name_of(head)
    if name == "WebM or Matroska":
        # the kind stands in the header, within its first bytes
        return _CONTAINERS["WebM" if b"webm" in head else "Matroska"]
    return _CONTAINERS.get(name)


def _has_png_end(source: BinaryIO) -> bool:
    """Tell whether the last chunk is there; it stands at the end or a little before it."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - _TAIL))
    return _PNG_END in source.read()


def _has_riff_length(source: BinaryIO) -> bool:
    source.seek(4)
    length = int.from_bytes(source.read(4), "little")
    return source.seek(0, io.SEEK_END) >= length + 8


def _always(source: BinaryIO) -> bool:
    return True


def _kind(head: bytes) -> ImageKind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return ImageKind("image/jpeg", "jpg", JpegImageFile, _always)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageKind("image/png", "png", PngImageFile, _has_png_end)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ImageKind("image/webp", "webp", WebPImageFile, _has_riff_length)
    return None


_NAMES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop (PSD)"),
    (b"\x1aE\xdf\xa3", "WebM or Matroska"),
    (b"OggS", "Ogg"),
    (b"FLV", "Flash video"),
    (b"\x30\x26\xb2\x75", "Windows Media"),
    (b"\0\0\x01\xba", "MPEG"),
    (b"\0\0\x01\xb3", "MPEG"),
    (b"#EXTM3U", "playlist (M3U)"),
    (b"ID3", "MP3"),
    (b"fLaC", "FLAC"),
    (b"PK\x03\x04", "ZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<!doctype html", "HTML"),
)

_CONTAINERS = {
    "MP4": Container("MP4", "mov", "mp4"),
    "M4V": Container("M4V", "mov", "m4v"),
    "3GP": Container("3GP", "mov", "3gp"),
    "QuickTime (MOV)": Container("QuickTime (MOV)", "mov", "mov"),
    "WebM": Container("WebM", "matroska", "webm"),
    "Matroska": Container("Matroska (MKV)", "matroska", "mkv"),
}

_BRANDS = {
    b"qt  ": "QuickTime (MOV)",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"M4A ": "M4A",
    b"M4V ": "M4V",
    b"M4VH": "M4V",
    b"M4VP": "M4V",
    b"crx ": "Canon RAW (CR3)",
}
