"""Large files, sent so that a line that breaks costs nothing: tus 1.0 with its core, creation,
termination and expiration (tus.io/protocols/resumable-upload)."""

import base64
import binascii
from collections.abc import Iterator
from email.utils import format_datetime
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import BadRequest, PreconditionFailed, UnsupportedMediaType

from vertex.models import Upload
from vertex.runtime import runtime
from vertex.services import uploads
from vertex.web.auth import me
from vertex.web.limits import limit_files, limit_uploads
from vertex.web.uploads import takes_files

bp = Blueprint("uploads", __name__)

_VERSION = "1.0.0"
_EXTENSIONS = "creation,termination,expiration"
_PIECE = "application/offset+octet-stream"
_CHUNK = 1 << 18


@bp.before_request
def judge_version() -> None:
    """Refuse clients of another version of the protocol."""
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != _VERSION:
        raise PreconditionFailed(response=_answer(412, {"Tus-Version": _VERSION}))


@bp.route("", methods=["OPTIONS"], provide_automatic_options=False)
def describe() -> Response:
    """Say what of the protocol is spoken here."""
    _kind, largest = _asked_kind()
    known = {"Tus-Version": _VERSION, "Tus-Extension": _EXTENSIONS, "Tus-Max-Size": str(largest)}
    return _answer(204, known)


@bp.post("")
@limit_uploads
def create() -> Response:
    """Begin an upload of this many bytes; where its pieces go is in Location."""
    settings = runtime().settings
    kind, largest = _asked_kind()
    upload = uploads.begin(
        user_id=me().user_id,
        filename=_metadata().get("filename", ""),
        size=_number("Upload-Length"),
        limit=largest,
        folder=settings.unfinished_uploads,
        kind=kind,
    )
    location = url_for(".append", upload_id=upload.id)
    return _answer(201, {"Location": location, **_expiry(upload)})


@bp.route("/<uuid:upload_id>", methods=["HEAD"])
@limit_files
def look(upload_id: UUID) -> Response:
    """Say how many bytes are here."""
    found = _find(upload_id)
    length = {"Upload-Offset": str(found.offset), "Upload-Length": str(found.upload.size)}
    return _answer(200, {**length, **_expiry(found.upload)})


@bp.patch("/<uuid:upload_id>")
@limit_files
@takes_files
def append(upload_id: UUID) -> Response:
    """Add a piece; what arrives of it stays, even if the line breaks."""
    if request.mimetype != _PIECE:
        raise UnsupportedMediaType
    upload = _find(upload_id).upload
    expiry = _expiry(upload)
    offset = uploads.append(
        upload,
        _number("Upload-Offset"),
        _pieces(),
        folder=runtime().settings.unfinished_uploads,
    )
    return _answer(204, {"Upload-Offset": str(offset), **expiry})


@bp.delete("/<uuid:upload_id>")
@limit_files
def remove(upload_id: UUID) -> Response:
    """Give up an upload, and forget what is here of it."""
    _find(upload_id)
    folder = runtime().settings.unfinished_uploads
    uploads.forget(upload_id, user_id=me().user_id, folder=folder)
    return _answer(204, {})


def _asked_kind() -> tuple[str, int]:
    """What is going to be sent, and how large it may be: a video, else the ZIP of an import."""
    settings = runtime().settings
    if request.args.get("kind") == "archive":
        return "archive", settings.max_archive_bytes
    return "video", settings.max_video_bytes


def _find(upload_id: UUID) -> uploads.Progress:
    folder = runtime().settings.unfinished_uploads
    return uploads.look(upload_id, user_id=me().user_id, folder=folder)


def _pieces() -> Iterator[bytes]:
    while piece := request.stream.read(_CHUNK):
        yield piece


def _metadata() -> dict[str, str]:
    """What the client tells of the file: names, and values in base64."""
    pairs = (pair.split() for pair in request.headers.get("Upload-Metadata", "").split(","))
    try:
        return {
            pair[0]: base64.b64decode(pair[1], validate=True).decode() for pair in pairs if pair[1:]
        }
    except (binascii.Error, UnicodeDecodeError):
        raise BadRequest from None


def _number(header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise BadRequest
    return int(value)


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _answer(status: int, headers: dict[str, str]) -> Response:
    known = {"Tus-Resumable": _VERSION, "Cache-Control": "no-store"}
    return Response(status=status, headers={**known, **headers})
