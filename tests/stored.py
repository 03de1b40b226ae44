"""Files in a store, with the rows that name them."""

import io

from tests.factories import OLGA, make_portrait, make_video
from tests.media import samples
from vertex.models import uuid7
from vertex.services import studio
from vertex.storage import AREAS, Storage, content_type_of, file_key


def put(storage: Storage, area: str, content: bytes, extension: str) -> str:
    key = file_key(area, uuid7(), io.BytesIO(content), extension)
    storage.put(key, io.BytesIO(content), content_type=content_type_of(key))
    return key


def stock(storage: Storage) -> dict[str, str]:
    """A portrait, a video and a logo with all their files; each key by its name."""
    keys = {
        "image_key": put(storage, "portraits", b"image", "jpg"),
        "preview_key": put(storage, "previews", b"preview", "jpg"),
        "marker_key": put(storage, "markers", b"marker", "vxm"),
        "marker_preview_key": put(storage, "previews", b"marker preview", "jpg"),
    }
    portrait = make_portrait(**keys)
    films = {
        "source_key": put(storage, "videos", b"source", "mov"),
        "file_key": put(storage, "videos", b"film", "mp4"),
        "small_key": put(storage, "videos", b"small", "mp4"),
        "poster_key": put(storage, "previews", b"poster", "jpg"),
    }
    make_video(portrait_id=portrait.id, **films)
    return {**keys, **films, "logo": put_logo(storage)}


def put_logo(storage: Storage) -> str:
    """The key of the studio's logo."""
    content = io.BytesIO(samples.encoded(samples.photo(), "PNG"))
    stored = studio.set_logo(content, filename="logo.png", actor=OLGA, storage=storage)
    assert stored.logo_key
    return stored.logo_key


def stored(storage: Storage) -> set[str]:
    return {file.key for area in AREAS for file in storage.files(area)}
