"""The keys files are stored under: `area/<owner uuid>/<content hash>.<ext>`."""

import hashlib
import re
from typing import BinaryIO
from uuid import UUID

AREAS = ("portraits", "videos", "markers", "previews", "qr", "studio")

CONTENT_TYPES = {
    "3gp": "video/3gpp",
    "jpg": "image/jpeg",
    "m4v": "video/x-m4v",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "png": "image/png",
    "svg": "image/svg+xml",
    "vtt": "text/vtt",
    "vxm": "application/octet-stream",
    "webm": "video/webm",
    "webp": "image/webp",
}

_CHUNK = 1 << 20
_HASH_LENGTH = 32
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(
    rf"(?:{'|'.join(AREAS)})/{_UUID}/[0-9a-f]{{{_HASH_LENGTH}}}\.({'|'.join(CONTENT_TYPES)})",
    re.ASCII,
)


def content_hash(content: BinaryIO) -> str:
    """Return the SHA-256 of the content in hex, leaving it at its beginning."""
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def file_key(area: str, owner: UUID, content: BinaryIO, extension: str) -> str:
    """Return the key of this content, leaving it at its beginning."""
    return check_key(f"{area}/{owner}/{content_hash(content)[:_HASH_LENGTH]}.{extension}")


def is_content_of(key: str, content: BinaryIO) -> bool:
    """Whether the content is what was stored under this key."""
    return content_hash(content).startswith(check_key(key).rpartition("/")[2].partition(".")[0])


def is_key(key: str) -> bool:
    """Whether a file of ours can have this key."""
    return _KEY.fullmatch(key) is not None


def check_key(key: str) -> str:
    """Return the key unchanged, or raise ValueError if no file of ours can have it."""
    if not is_key(key):
        raise ValueError(f"not a key of a stored file: {key!r}")
    return key


def content_type_of(key: str) -> str:
    """Return the media type that every file under this key has."""
    return CONTENT_TYPES[check_key(key).rpartition(".")[2]]
