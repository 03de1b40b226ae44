"""Videos: judged by content, and the clean video and poster made from them."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from vertex.media import images
from vertex.media.boxes import outline
from vertex.media.errors import RefusedFileError
from vertex.media.facts import Facts, Picture, read_facts
from vertex.media.ffmpeg import copy_clean, grab_frame
from vertex.media.formats import name_of

ACCEPTED = "MP4, H.264, AAC"
MAX_SIDE = 4096  # what phones' decoders of H.264 are made for
MIN_SECONDS = 0.2
_PIXEL_FORMATS = ("yuv420p", "yuvj420p")

_NAMES = {
    "ac3": "Dolby Digital (AC-3)",
    "av1": "AV1",
    "eac3": "Dolby Digital Plus (E-AC-3)",
    "h264": "H.264",
    "hevc": "HEVC (H.265)",
    "libdav1d": "AV1",
    "mp3float": "MP3",
    "mpeg4": "MPEG-4 Part 2",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
}


@dataclass(frozen=True, slots=True)
class PreparedVideo:
    """An accepted video: the clean file, its poster, and what it holds."""

    path: Path
    poster: bytes
    duration: float
    width: int
    height: int
    has_sound: bool
    facts: dict[str, Any]


def prepare(source: Path, folder: Path) -> PreparedVideo:
    """Make the clean video in this folder from an accepted one, or raise RefusedFileError."""
    with source.open("rb") as file:
        _judge_container(file)
    picture, sound = _judge_streams(read_facts(source))
    clean = folder / "clean.mp4"
    copy_clean(source, clean, picture=picture.index, sound=sound)
    frame = folder / "frame.png"
    grab_frame(clean, frame)
    with frame.open("rb") as file:
        poster = images.poster(file)
    return _describe(clean, poster, read_facts(clean))


def _judge_container(source: BinaryIO) -> None:
    head = source.read(64)
    if not head:
        raise RefusedFileError("video_empty")
    found = name_of(head)
    if not found:
        raise RefusedFileError("video_unknown")
    if found != "MP4":
        raise RefusedFileError("video_format", found=found)
    boxes = outline(source)
    if not boxes.whole or b"moov" not in boxes.names:
        raise RefusedFileError("video_damaged")


def _judge_streams(facts: Facts) -> tuple[Picture, int | None]:
    picture, sound = facts.picture, facts.sound
    if picture is None:
        raise RefusedFileError("video_no_picture")
    if picture.codec != "h264":
        raise RefusedFileError("video_codec", found=_name(picture.codec))
    if picture.rotation is None:
        raise RefusedFileError("video_damaged")
    if picture.pixel_format not in _PIXEL_FORMATS:
        found = f"H.264 {picture.profile or ''}, {picture.pixel_format}"
        raise RefusedFileError("video_pixels", found=found)
    if sound is not None and sound.codec != "aac":
        raise RefusedFileError("video_sound", found=_name(sound.codec))
    if max(picture.width, picture.height) > MAX_SIDE:
        width, height = picture.shown_size
        raise RefusedFileError("video_large", width=width, height=height, limit=MAX_SIDE)
    return picture, None if sound is None else sound.index


def _describe(path: Path, poster: bytes, facts: Facts) -> PreparedVideo:
    picture = facts.picture
    if picture is None or picture.rotation is None:
        raise RefusedFileError("video_damaged")
    if facts.duration < MIN_SECONDS:
        raise RefusedFileError("video_short")
    width, height = picture.shown_size
    return PreparedVideo(
        path=path,
        poster=poster,
        duration=facts.duration,
        width=width,
        height=height,
        has_sound=facts.sound is not None,
        facts=asdict(facts),
    )


def _name(codec: str) -> str:
    return _NAMES.get(codec, codec.upper())
