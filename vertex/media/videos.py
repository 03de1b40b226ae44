"""Videos: judged by content, and made into what every phone plays."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from vertex.media import codecs, ebml, images
from vertex.media.boxes import outline
from vertex.media.conversion import Films, Source, make_films
from vertex.media.errors import RefusedFileError
from vertex.media.facts import Facts, Picture, read_facts
from vertex.media.ffmpeg import grab_frame
from vertex.media.formats import Container, container_of, name_of
from vertex.media.plan import Finding, Wishes

ACCEPTED = "MP4, MOV, M4V, 3GP, WebM, MKV"
MAX_SIDE = 8192
MIN_SECONDS = 0.2
MAX_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class JudgedVideo:
    """An accepted video as it came; sizes are px as a player shows them, the duration is in s."""

    container: Container
    duration: float
    width: int
    height: int
    has_sound: bool
    has_alpha: bool
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Film:
    """A file to be played, and its size in px: both halves of one with transparency beside it."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ConvertedVideo:
    """What was made of a video; `small` is None where the large one is small enough.

    `flat` is there where the large one has its transparency beside it.
    """

    large: Film
    small: Film | None
    flat: Path | None
    poster: bytes
    duration: float
    has_sound: bool
    findings: tuple[Finding, ...]


def judge(path: Path) -> JudgedVideo:
    """Tell what an accepted video holds, or raise RefusedFileError."""
    container, facts, picture = _examine(path)
    width, height = picture.shown_size
    return JudgedVideo(
        container=container,
        duration=facts.duration,
        width=width,
        height=height,
        has_sound=facts.sound is not None and codecs.is_sound(facts.sound.codec),
        has_alpha=picture.alpha,
        facts=asdict(facts),
    )


def convert(
    path: Path, folder: Path, wishes: Wishes, progress: Callable[[float], object] | None = None
) -> ConvertedVideo:
    """Make the films and the poster in this folder; `progress` is told the share that is done."""
    container, facts, picture = _examine(path)
    films = make_films(
        Source(path, container, facts, picture), folder, wishes, progress or (lambda share: None)
    )
    packed = wishes.transparency != "none"
    frame = folder / "frame.png"
    grab_frame(films.large, frame, left_half=packed)
    with frame.open("rb") as file:
        poster = images.poster(file)
    return _describe(films, poster)


def _describe(films: Films, poster: bytes) -> ConvertedVideo:
    made = read_facts(films.large)
    if made.duration < MIN_SECONDS:
        raise RefusedFileError("video_short")
    return ConvertedVideo(
        large=_film(films.large, made),
        small=None if films.small is None else _film(films.small, read_facts(films.small)),
        flat=films.flat,
        poster=poster,
        duration=made.duration,
        has_sound=made.sound is not None,
        findings=films.findings,
    )


def _film(path: Path, facts: Facts) -> Film:
    if facts.picture is None:
        raise RefusedFileError("video_damaged")
    return Film(path, *facts.picture.shown_size)


def _examine(path: Path) -> tuple[Container, Facts, Picture]:
    with path.open("rb") as file:
        container = _judge_container(file)
    facts = read_facts(path, container.demuxer)
    return container, facts, _judge_picture(facts)


def _judge_container(source: BinaryIO) -> Container:
    head = source.read(64)
    if not head:
        raise RefusedFileError("video_empty")
    found = name_of(head)
    if not found:
        raise RefusedFileError("video_unknown")
    container = container_of(head)
    if container is None:
        raise RefusedFileError("video_format", found=found)
    if not _is_whole(source, container):
        raise RefusedFileError("video_damaged")
    return container


def _is_whole(source: BinaryIO, container: Container) -> bool:
    if container.demuxer == "matroska":
        return ebml.is_whole(source)
    boxes = outline(source)
    return boxes.whole and b"moov" in boxes.names


def _judge_picture(facts: Facts) -> Picture:
    picture = facts.picture
    if picture is None:
        raise RefusedFileError("video_no_picture")
    if picture.codec not in codecs.PICTURES:
        raise RefusedFileError("video_codec", found=codecs.name_of_codec(picture.codec))
    if picture.rotation is None:
        raise RefusedFileError("video_damaged")
    if max(picture.width, picture.height) > MAX_SIDE:
        width, height = picture.shown_size
        raise RefusedFileError("video_large", width=width, height=height, limit=MAX_SIDE)
    if facts.duration > MAX_SECONDS:
        raise RefusedFileError(
            "video_long", found=math.ceil(facts.duration / 60), limit=MAX_SECONDS // 60
        )
    if 0 < facts.duration < MIN_SECONDS:
        raise RefusedFileError("video_short")
    return picture
