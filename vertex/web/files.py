"""Stored files sent to browsers: whole, in part, or not at all if they have them already."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from flask import Response, request

from vertex.errors import NotFoundError
from vertex.storage import MissingFileError, Storage

# For addresses that name the content, and for those whose content may change.
IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"

_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


def send_stored(
    storage: Storage, key: str, *, content_type: str | None = None, cache: str = IMMUTABLE
) -> Response:
    """Answer this GET or HEAD with a stored file, or the asked part of it; 404 if it is missing."""
    try:
        found = storage.stat(key)
        return _answer(storage, key, found.size, content_type or found.content_type, cache)
    except MissingFileError:
        raise NotFoundError(kind="file") from None


def _answer(storage: Storage, key: str, size: int, content_type: str, cache: str) -> Response:
    etag = PurePosixPath(key).stem  # the hash of the content
    if request.if_none_match.contains_weak(etag):
        return _with_headers(Response(status=304), etag, cache)
    part = _asked_part(size, etag)
    if part is not None and not part:
        refused = Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _with_headers(refused, etag, "no-store")
    response = _send(storage, key, part or range(size), content_type)
    if part is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return _with_headers(response, etag, cache)


def _asked_part(size: int, etag: str) -> range | None:
    """The part asked for, empty if it cannot be given; None if the whole file is wanted.

    What RFC 9110 lets a server ignore is ignored: other methods than GET, other units, several
    parts at once, and parts of another version than ours.
    """
    if request.method != "GET" or request.headers.get("If-Range", f'"{etag}"') != f'"{etag}"':
        return None
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1 if last else size))


def _send(storage: Storage, key: str, part: range, content_type: str) -> Response:
    content = _read(storage, key, part)
    response = Response(content, content_type=content_type, direct_passthrough=True)
    response.content_length = len(part)
    return response


def _with_headers(response: Response, etag: str, cache: str) -> Response:
    if response.status_code in (304, 416):
        del response.headers["Content-Type"]
    response.set_etag(etag)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _read(storage: Storage, key: str, part: range) -> Iterator[bytes]:
    """The bytes of a part of a file, which is open only while they are being sent."""
    with storage.open(key) as file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk
