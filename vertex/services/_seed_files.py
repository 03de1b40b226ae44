"""The pictures, markers and the film of a made-up studio, which all its portraits share."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vertex.media import images, variants
from vertex.models import Recognisable
from vertex.recogniser import PoorPictureError, build_marker
from vertex.services import demo
from vertex.services._files import NewFiles
from vertex.storage import content_hash

PICTURES = 12
FILM = {"duration_s": 6.0, "width": 540, "height": 720, "has_sound": True}

_OWNER = UUID(int=7 << 76 | 0b10 << 62)  # of no portrait: the files stay whatever is removed


@dataclass(frozen=True, slots=True)
class Shared:
    """The columns of portraits by picture, the last of which no camera finds, and of videos."""

    portraits: tuple[dict[str, Any], ...]
    videos: tuple[dict[str, Any], ...]


def store(files: NewFiles) -> Shared:
    """Store the files, and return the columns that name them."""
    original = demo.read("portrait.jpg")
    pictures = [variants.variant(original, number) for number in range(1, PICTURES + 1)]
    portraits = [_portrait(files, picture) for picture in (*pictures, variants.faint(original))]
    film = io.BytesIO(demo.read("video.mp4"))
    key = files.put("videos", _OWNER, film, "mp4")
    videos = [
        {"source_key": key, "file_key": key, "poster_key": row["preview_key"], **FILM}
        for row in portraits
    ]
    return Shared(tuple(portraits), tuple(videos))


def _portrait(files: NewFiles, picture: bytes) -> dict[str, Any]:
    source = io.BytesIO(picture)
    prepared = images.prepare(source)
    preview, size = prepared.preview, (prepared.width, prepared.height)
    row = {
        "image_key": files.put("portraits", _OWNER, source, "jpg"),
        "preview_key": _jpeg(files, preview),
        "small_key": _jpeg(files, images.small(preview)),
        "marker_preview_key": _jpeg(files, images.marker_preview(preview)),
        "width": prepared.width,
        "height": prepared.height,
        "sha256": content_hash(source),
    }
    try:
        marker = build_marker(preview, size)
    except PoorPictureError as error:
        return row | {"recognisable": Recognisable.NO, "reason": error.reason} | _marker(None, None)
    key = files.put("markers", _OWNER, io.BytesIO(marker), "vxm")
    return row | {"recognisable": Recognisable.YES, "reason": None} | _marker(key, len(marker))


def _marker(key: str | None, size: int | None) -> dict[str, Any]:
    return {"marker_key": key, "marker_bytes": size}


def _jpeg(files: NewFiles, content: bytes) -> str:
    return files.put("previews", _OWNER, io.BytesIO(content), "jpg")
