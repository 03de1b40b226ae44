"""The files of a customer's page; the studio's rules are asked for every part of each."""

from pathlib import PurePosixPath
from uuid import UUID

from flask import Response, request

from vertex.blueprints.ar._blueprint import bp, seen
from vertex.errors import ClosedError, NotFoundError
from vertex.models import Portrait
from vertex.runtime import runtime
from vertex.services import albums, public_codes, viewing
from vertex.storage import MissingFileError
from vertex.web import qr
from vertex.web.compression import answer
from vertex.web.files import IMMUTABLE, REVALIDATE, send_stored
from vertex.web.headers import keep
from vertex.web.viewer_addresses import marker_keys, version


@bp.get("/<code>/marker")
def marker(code: str) -> Response:
    """Send what the phone needs to recognise the print, or any print of an album."""
    view = seen(code)
    keys = marker_keys(view)
    if not keys:
        raise NotFoundError(kind="file")
    return keep(_send_marker(keys), allowed=view.may_be_kept)


@bp.get("/<code>/photo", defaults={"portrait_id": None})
@bp.get("/<code>/photo/<uuid:portrait_id>")
def photo(code: str, portrait_id: UUID | None) -> Response:
    """Send a picture, in a size for screens or, if asked, for small ones or an album's strip."""
    view = seen(code)
    portrait = view.find(portrait_id).portrait
    size = request.args.get("size")
    if size == "thumbnail":
        return keep(_send_thumbnail(portrait), allowed=view.may_be_kept)
    small = size == "small" and portrait.small_key
    response = _send(small or portrait.preview_key, "image/jpeg")
    return keep(response, allowed=view.may_be_kept)


@bp.get("/<code>/video/<uuid:video_id>")
def video(code: str, video_id: UUID) -> Response:
    """Send a video that plays now; to be kept only where the studio allows it."""
    view = seen(code)
    found = viewing.video_of(view, video_id)
    wanted = request.args.get("size") == "small" and found.small_key
    kept = request.args.get("download") is not None
    if kept and not view.rules.downloads:
        raise ClosedError("no_downloads")
    response = _send(wanted or found.file_key or "", "video/mp4")
    if kept:
        response.headers["Content-Disposition"] = f'attachment; filename="{view.code}.mp4"'
    return keep(response, allowed=view.may_be_kept and view.rules.kept_offline)


@bp.get("/<code>/captions/<uuid:video_id>")
def captions(code: str, video_id: UUID) -> Response:
    """Send the captions of a video."""
    key = viewing.video_of(seen(code), video_id).captions_key
    if key is None:
        raise NotFoundError(kind="file")
    return _send(key, "text/vtt; charset=utf-8")


@bp.get("/<code>/qr.svg")
def qr_svg(code: str) -> Response:
    """Send the QR code of this page as a drawing."""
    return _send_qr(qr.svg(_printed_address(code)), "image/svg+xml")


@bp.get("/<code>/qr.png")
def qr_png(code: str) -> Response:
    """Send the QR code of this page as a picture."""
    return _send_qr(qr.png(_printed_address(code)), "image/png")


def _printed_address(code: str) -> str:
    named = public_codes.find(code)
    if named is None:
        raise NotFoundError("code_unknown")
    return f"{runtime().settings.public_url}/v/{named.code}"


def _send_qr(content: bytes, content_type: str) -> Response:
    return Response(content, content_type=content_type, headers={"Cache-Control": REVALIDATE})


def _send(key: str, content_type: str) -> Response:
    named = request.args.get("v") == version(key)
    cache = IMMUTABLE if named else REVALIDATE
    return send_stored(runtime().storage, key, content_type=content_type, cache=cache)


def _send_thumbnail(portrait: Portrait) -> Response:
    key = portrait.small_key or portrait.preview_key
    try:
        response = Response(albums.thumbnail_of(key, runtime().storage), mimetype="image/jpeg")
    except MissingFileError:
        raise NotFoundError(kind="file") from None
    named = request.args.get("v") == version(key)
    response.headers["Cache-Control"] = IMMUTABLE if named else REVALIDATE
    return response


def _send_marker(keys: list[str]) -> Response:
    """A quarter of a marker is saved by compressing it, more than films or pictures give."""
    one = len(keys) == 1
    asked = request.args.get("grade", type=int)
    grade = asked if asked in range(len(albums.grades(len(keys))) - 1) else None
    name = PurePosixPath(keys[0]).stem if one else albums.version_of(keys)
    named = request.args.get("v") == (version(keys[0]) if one else name[:12])
    try:
        response = answer(
            name if grade is None else f"{name}-{grade}",
            lambda: albums.marker_of(keys, runtime().storage, grade),
            content_type="application/octet-stream",
        )
    except MissingFileError:
        raise NotFoundError(kind="file") from None
    response.headers["Cache-Control"] = IMMUTABLE if named else REVALIDATE
    return response
