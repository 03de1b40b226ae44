"""The customer's page of a portrait, and the files it shows."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar.texts import viewer_texts
from vertex.errors import NotFoundError
from vertex.models import Portrait, PortraitStatus, Recognisable, Video
from vertex.runtime import runtime
from vertex.services import portraits, public_codes, videos
from vertex.web import qr
from vertex.web.files import IMMUTABLE, REVALIDATE, send_stored
from vertex.web.headers import content_security_policy, keep_process
from vertex.web.limits import limit_customers

bp = Blueprint("ar", __name__)
limit_customers(bp)

# A-Frame puts its rules into a <style>, empty at first: the hashes of both. The rules are also
# shipped as a file, because the page needs them before A-Frame is parsed.
_AFRAME_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-v7XYwoR6kd4w8P/jKJwhD8xtQ9lX51WNsDeaJBRcNMc='"
)
_FINDER = 300  # longest side of the corners drawn on the screen, in units of their own


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show the page that recognises the print and plays the video on it."""
    return _show("ar/show.html", code)


@bp.get("/<code>/standing")
def standing(code: str) -> ResponseReturnValue:
    """Show the video in a frame that stands on the print; only in development."""
    if not runtime().settings.debug_pages:
        raise NotFoundError(kind="page")
    return _show("ar/standing.html", code)


def _show(template: str, code: str) -> ResponseReturnValue:
    portrait = _portrait(code)
    video = videos.active_for(portrait.id)
    page = render_template(
        template,
        code=code,
        title=portrait.title,
        portrait=portrait,
        photo_url=_address("photo", code, portrait.preview_key),
        viewer=_viewer(code, portrait, video),
        finder=_finder(portrait),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = content_security_policy(
        script_src="'wasm-unsafe-eval'", style_src=_AFRAME_STYLES
    )
    return keep_process(response)


@bp.get("/<code>/marker")
def marker(code: str) -> Response:
    """Send what the phone needs to recognise the print."""
    key = _portrait(code).marker_key
    if key is None:
        raise NotFoundError(kind="file")
    return _send(key, "application/octet-stream")


@bp.get("/<code>/photo")
def photo(code: str) -> Response:
    """Send the picture, in a size for screens."""
    return _send(_portrait(code).preview_key, "image/jpeg")


@bp.get("/<code>/video/<uuid:video_id>")
def video(code: str, video_id: UUID) -> Response:
    """Send the video that plays on the print."""
    active = videos.active_for(_portrait(code).id)
    if active is None or active.id != video_id:
        raise NotFoundError(kind="file")
    return _send(active.file_key, "video/mp4")


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
        raise NotFoundError(kind="public_code", id=code)
    return f"{runtime().settings.public_url}/v/{named.code}"


def _send_qr(content: bytes, content_type: str) -> Response:
    return Response(content, content_type=content_type, headers={"Cache-Control": REVALIDATE})


def _portrait(code: str) -> Portrait:
    named = public_codes.find(code)
    if named is None or named.portrait_id is None:
        raise NotFoundError(kind="public_code", id=code)
    return portraits.get(named.portrait_id)


def _address(endpoint: str, code: str, key: str, **values: Any) -> str:
    """The address of a file, changing with its content."""
    return url_for(f"ar.{endpoint}", code=code, v=_version(key), **values)


def _version(key: str) -> str:
    return key.rpartition("/")[2].partition(".")[0][:12]


def _send(key: str, content_type: str) -> Response:
    named = request.args.get("v") == _version(key)
    cache = IMMUTABLE if named else REVALIDATE
    return send_stored(runtime().storage, key, content_type=content_type, cache=cache)


def _viewer(code: str, portrait: Portrait, video: Video | None) -> dict[str, Any]:
    """What the page's scripts are told; see Config in static/ar/types.d.ts."""
    reason = _reason_to_fall_back(portrait, video)
    usable = portrait.marker_key if reason is None else None
    return {
        "worker": url_for("static", filename="ar/worker.js"),
        "simd": url_for("static", filename="ar/recogniser.wasm"),
        "plain": url_for("static", filename="ar/recogniser-plain.wasm"),
        "marker": _address("marker", code, usable) if usable else None,
        "reason": reason,
        "portrait": {"width": portrait.width, "height": portrait.height},
        "video": _film(code, video) if video else None,
        "texts": viewer_texts(),
    }


def _film(code: str, video: Video) -> dict[str, Any]:
    address = _address("video", code, video.file_key, video_id=video.id)
    return {"url": address, "width": video.width, "height": video.height}


def _reason_to_fall_back(portrait: Portrait, video: Video | None) -> str | None:
    if video is None:
        return "no-video"
    if request.args.get("camera") == "no":
        return "asked"
    if portrait.recognisable == Recognisable.NO:
        return "not-recognisable"
    if portrait.status == PortraitStatus.PROCESSING:
        return "processing"
    return None if portrait.marker_key else "marker-failed"


def _finder(portrait: Portrait) -> dict[str, int]:
    scale = _FINDER / max(portrait.width, portrait.height)
    return {"width": round(portrait.width * scale), "height": round(portrait.height * scale)}
