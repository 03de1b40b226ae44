"""Stored files sent to browsers: whole, in part, or not at all if they have them already."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import BinaryIO
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from vertex.errors import NotFoundError
from vertex.runtime import runtime, runtime_of
from vertex.storage import MissingFileError, Storage, content_type_of

# For addresses that name the content, and for those whose content may change.
IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"

_CHUNK = 1 << 16
_AT_ONCE = 1 << 18  # bytes: markers and pictures
_FOR_PAGES = 16  # threads that no film may take
_LINK_SECONDS = 300  # nginx fetches at once; a browser that is sent on may seek for a while
_PLACES = "vertex.files"
_RETRY_SECONDS = 2
_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


def init_app(app: Flask) -> None:
    """Keep some threads for the pages, however many films are fetched slowly."""
    settings = runtime_of(app).settings
    app.extensions[_PLACES] = BoundedSemaphore(max(1, settings.threads - _FOR_PAGES))


def send_stored(
    storage: Storage, key: str, *, content_type: str | None = None, cache: str = IMMUTABLE
) -> Response:
    """Answer this GET or HEAD with a stored file, or the asked part of it; 404 if it is missing.

    As the settings say, the app sends it, or nginx fetches it, or the browser is sent to the store.
    Whether this person may have it has been decided by the view, for this request alone.
    """
    etag = PurePosixPath(key).stem  # the hash of the content
    if request.if_none_match.contains_weak(etag):
        return _with_headers(Response(status=304), etag, cache)
    kind = content_type or content_type_of(key)
    try:
        if _goes_elsewhere(storage, key, etag):
            return _pass_on(storage, key, kind, etag, cache)
        return _answer(storage, key, storage.stat(key).size, kind, cache)
    except MissingFileError:
        raise NotFoundError(kind="file") from None


def _goes_elsewhere(storage: Storage, key: str, etag: str) -> bool:
    """Whether somebody else sends this one; what the app can answer by itself it does."""
    way = runtime().settings.delivery
    if request.method != "GET" or way == "app":
        return False
    if way == "redirect" and not key.startswith("videos/"):
        return False  # scripts and styles fetch the small ones, from our origin alone
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.group(1) in ("", "0"):
        return True
    # a range that lies behind the end is refused here: stores refuse it in pages of their own
    part = _asked_part(storage.stat(key).size, etag)
    return part is None or len(part) > 0


def _pass_on(storage: Storage, key: str, content_type: str, etag: str, cache: str) -> Response:
    link = storage.link(key, content_type=content_type, seconds=_LINK_SECONDS)
    if runtime().settings.delivery == "redirect" and link is not None:
        # the address ends soon: it must not be kept as long as the film may be
        return Response(status=302, headers={"Location": link, "Cache-Control": "no-store"})
    if link is None:
        place = f"/_media/local/{key}"
    else:
        parts = urlsplit(link)
        area = "s3" if request.headers.get("If-Range", f'"{etag}"') == f'"{etag}"' else "whole"
        place = f"/_media/{area}{parts.path}?{parts.query}"
    # nginx says how long it may be kept once it has found it: what fails must not be
    headers = {"X-Accel-Redirect": place, "X-Vertex-Cache": cache, "ETag": f'"{etag}"'}
    return Response(content_type=content_type, headers=headers)


def _answer(storage: Storage, key: str, size: int, content_type: str, cache: str) -> Response:
    etag = PurePosixPath(key).stem
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
    content = _Part(storage, key, part, _take_place(len(part)))
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


def _take_place(length: int) -> Callable[[], object]:
    """How a place is given back; what the kernel takes at once needs none."""
    if length <= _AT_ONCE:
        return lambda: None
    places: BoundedSemaphore = current_app.extensions[_PLACES]
    if not places.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=_RETRY_SECONDS)
    return places.release


class _Part:
    """The bytes of a part of a file, which is open only while they are being sent.

    Whoever is done with it closes it, however little was read: that frees its place.
    """

    def __init__(self, storage: Storage, key: str, part: range, free: Callable[[], object]) -> None:
        self._storage, self._key, self._part, self._left = storage, key, part, len(part)
        self._free: Callable[[], object] | None = free
        self._file: BinaryIO | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._file is None:
            self._file = self._storage.open(self._key)
            self._file.seek(self._part.start)
        content = self._file.read(min(self._left, _CHUNK))
        if not content:
            raise StopIteration
        self._left -= len(content)
        return content

    def close(self) -> None:
        """Let go of the file and of the place."""
        if self._file is not None:
            self._file.close()
        if self._free is not None:
            free, self._free = self._free, None
            free()
