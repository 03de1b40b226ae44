"""Files that are refused, each with the code it is refused with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.media import samples
from tests.media.samples import AAC, H264, PICTURES, TONE, encoded, photo, video

Make = Callable[[Path], Path]


def of(content: Callable[[], bytes]) -> Make:
    """A maker of files with this content."""

    def make(path: Path) -> Path:
        path.write_bytes(content())
        return path

    return make


def made(*options: str, suffix: str = ".mp4") -> Make:
    """A maker of files that ffmpeg makes with these options, whatever they are named in the end."""

    def make(path: Path) -> Path:
        return video(path.with_name("made" + suffix), *options).rename(path)

    return make


def cut(share: float, *options: str, suffix: str = ".mp4") -> Make:
    """A maker of videos that end too early."""

    def make(path: Path) -> Path:
        content = made(*options, suffix=suffix)(path).read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return make


def animated(kind: str) -> bytes:
    """A picture that moves."""
    return encoded(photo(), kind, save_all=True, append_images=[photo().rotate(90)])


def half(content: bytes) -> bytes:
    """What a broken line left of a file."""
    return content[: len(content) // 2]


def playlist(path: Path) -> Path:
    """A playlist that calls itself a video and names a file beside it."""
    samples.plain_video(path.with_name("beside.mp4"))
    path.write_text("#EXTM3U\n#EXTINF:1,\nbeside.mp4\n#EXT-X-ENDLIST\n")
    return path


def concat(path: Path) -> Path:
    """A script of ffmpeg's concat demuxer that names a file beside it."""
    samples.plain_video(path.with_name("beside.mp4"))
    path.write_text("ffconcat version 1.0\nfile beside.mp4\n")
    return path


def hollow(path: Path) -> Path:
    """A video whose pictures have all become zeros."""
    content = made(*PICTURES, *H264, "-movflags", "+faststart")(path).read_bytes()
    start = content.index(b"mdat") + 4
    path.write_bytes(content[:start] + bytes(len(content) - start))
    return path


IMAGES = {
    "empty": (of(lambda: b""), "image_empty"),
    "text": (of(lambda: b"a portrait, promised"), "image_unknown"),
    "gif": (of(lambda: encoded(photo(), "GIF")), "image_format"),
    "bmp": (of(lambda: encoded(photo(), "BMP")), "image_format"),
    "tiff": (of(lambda: encoded(photo(), "TIFF")), "image_format"),
    "avif": (of(lambda: encoded(photo(), "AVIF")), "image_format"),
    "svg": (of(lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "image_format"),
    "pdf": (of(lambda: encoded(photo(), "PDF")), "image_format"),
    "video": (made(*PICTURES, *H264), "image_format"),
    "moving-png": (of(lambda: animated("PNG")), "image_animated"),
    "moving-webp": (of(lambda: animated("WEBP")), "image_animated"),
    "half-jpeg": (of(lambda: half(encoded(photo()))), "image_damaged"),
    "half-png": (of(lambda: half(encoded(photo(), "PNG"))), "image_damaged"),
    "half-webp": (of(lambda: half(encoded(photo(), "WEBP"))), "image_damaged"),
    "png-without-end": (of(lambda: encoded(photo(), "PNG")[:-12]), "image_damaged"),
    "header-only": (of(lambda: b"\xff\xd8\xff\xe0"), "image_damaged"),
    "bomb": (of(lambda: encoded(Image.new("1", (20_000, 20_000)), "PNG")), "image_megapixels"),
    "101-mp": (of(lambda: encoded(Image.new("L", (10_050, 10_050)), "PNG")), "image_megapixels"),
    "small": (of(lambda: encoded(photo(199, 400))), "image_small"),
    "narrow": (of(lambda: encoded(photo(200, 801))), "image_narrow"),
}

VIDEOS = {
    "empty": (of(lambda: b""), "video_empty"),
    "text": (of(lambda: b"a video, promised"), "video_unknown"),
    "picture": (of(lambda: encoded(photo())), "video_format"),
    "playlist": (playlist, "video_format"),
    "concat": (concat, "video_unknown"),
    "avi": (made(*PICTURES, *H264, suffix=".avi"), "video_format"),
    "m4a": (made(*TONE, *AAC, suffix=".m4a"), "video_format"),
    "sound-only": (made(*TONE, *AAC), "video_no_picture"),
    "unusual": (made(*PICTURES, "-c:v", "ffv1", suffix=".mkv"), "video_codec"),
    "cut-before-index": (cut(0.5, *PICTURES, *H264), "video_damaged"),
    "cut-after-index": (cut(0.7, *PICTURES, *H264, "-movflags", "+faststart"), "video_damaged"),
    "cut-fragmented": (
        cut(0.7, *PICTURES, *H264, "-movflags", "+frag_keyframe+empty_moov"),
        "video_damaged",
    ),
    "cut-mkv": (cut(0.7, *PICTURES, *H264, suffix=".mkv"), "video_damaged"),
    "hollow": (hollow, "video_damaged"),
    "one-frame": (made(*PICTURES, *H264, "-frames:v", "1"), "video_short"),
    "long": (
        made("-f", "lavfi", "-i", "color=size=64x64:rate=1:duration=1802", *H264),
        "video_long",
    ),
    "huge": (
        made("-f", "lavfi", "-i", "color=size=8256x64:rate=5:duration=1", *H264),
        "video_large",
    ),
}


def cases(table: dict[str, tuple[Make, str]]) -> list[object]:
    """The rows of a table for pytest: (make, code)."""
    return [pytest.param(make, code, id=name) for name, (make, code) in table.items()]
