"""The customer's page, as the server shows it and as it is exported."""

import hashlib
from base64 import b64encode
from typing import Any

from flask import render_template, url_for

from vertex.models import Portrait, PortraitStatus, Recognisable, Transparency, Video
from vertex.runtime import runtime
from vertex.services import videos
from vertex.services.viewing import Shown, View
from vertex.web.headers import content_security_policy
from vertex.web.static import release_of_now
from vertex.web.viewer_addresses import Addresses, in_order, recognised
from vertex.web.viewer_texts import viewer_texts

# Of A-Frame what the page uses, made by tools/aframe; a demonstration has all of it.
AFRAME = "aframe-1.8.0.viewer.min.js"
AFRAME_LICENSES = "aframe-1.8.0.viewer-LICENSES.txt"
_WHOLE_AFRAME = "aframe-1.8.0.min.js"
# The whole puts its rules into a <style>, empty at first: the hashes of both.
_WHOLE_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-v7XYwoR6kd4w8P/jKJwhD8xtQ9lX51WNsDeaJBRcNMc='"
)
# what start.js imports, all at once instead of one after the other
_MODULES = (
    "apps", "camera", "checks", "config", "controls", "film", "frames", "ladder", "looking",
    "matrix", "offline", "page", "playback", "recogniser", "scene", "showing", "visits",
)  # fmt: skip
_FINDER = 300  # longest side of the corners drawn on the screen, in units of their own


def policy(view: View, scene: str = "viewer") -> str:
    """What the page of a view may load and run."""
    digest = hashlib.sha256(_shape(view).encode()).digest()
    styles = f"'sha256-{b64encode(digest).decode()}'"
    if scene != "viewer":
        styles += f" {_WHOLE_STYLES}"
    return content_security_policy(script_src="'wasm-unsafe-eval'", style_src=styles)


def _shape(view: View) -> str:
    """The style that keeps photo and film their places until they are there."""
    portrait, video = in_order(view)[0].portrait, in_order(view)[0].video
    film = f";--film:{video.width / video.height:.4f}" if video else ""
    return f":root{{--shape:{portrait.width / portrait.height:.4f}{film}}}"


def page(
    view: View, at: Addresses, *, template: str = "ar/show.html", scene: str = "viewer",
    asked: bool = False,
) -> str:  # fmt: skip
    """The page of a view; `asked` if somebody wants to watch without the camera."""
    shown = in_order(view)
    first = shown[0]
    card = first.portrait if view.rules.card_photo and view.rules.pin_hash is None else None
    return render_template(
        template,
        at=at,
        face=at.face(),
        code=view.code,
        title=first.portrait.title,
        album=view.order is not None,
        portrait=first.portrait,
        film=first.video and _film(view, first.video, at),
        modules=_MODULES,
        photo_url=at.photo(first.portrait),
        card_url=card and runtime().settings.public_url + at.large_photo(card),
        pictures=[(one.portrait, at.thumbnail(one.portrait)) for one in shown],
        viewer=_viewer(view, shown, at, scene, asked),
        finder=_finder(first.portrait),
        shape=_shape(view),
        policy=None if at.live else policy(view).replace("frame-ancestors 'none'; ", ""),
    )


def _viewer(
    view: View, shown: list[Shown], at: Addresses, scene: str, asked: bool
) -> dict[str, Any]:
    """What the page's scripts are told; see Config in static/ar/types.d.ts."""
    reason = _reason_to_fall_back(view, asked)
    keeper = url_for("ar.service_worker") if at.live and view.may_be_kept else None
    return {
        "worker": _worker() if at.live else at.static("ar/worker.js"),
        "simd": at.static("ar/recogniser.wasm"),
        "plain": at.static("ar/recogniser-plain.wasm"),
        "aframe": at.static(f"vendor/{AFRAME if scene == 'viewer' else _WHOLE_AFRAME}"),
        "scene": at.static(f"ar/{scene}.js"),
        "marker": at.marker() if reason is None else None,
        "fuller": at.fuller_markers() if reason is None else [],
        "reason": reason,
        "keeper": keeper,
        "events": url_for("ar.events", code=view.code) if at.live else None,
        "album": view.order is not None,
        "portraits": [_portrait(view, one, at) for one in shown],
        "texts": viewer_texts(),
    }


def _worker() -> str:
    return url_for("ar.worker", release=release_of_now())


def _portrait(view: View, shown: Shown, at: Addresses) -> dict[str, Any]:
    portrait = shown.portrait
    return {
        "id": str(portrait.id),
        "title": portrait.title,
        "width": portrait.width,
        "height": portrait.height,
        "photo": at.photo(portrait),
        "video": _film(view, shown.video, at) if shown.video else None,
    }


def _film(view: View, video: Video, at: Addresses) -> dict[str, Any]:
    return {
        "url": at.video(video),
        "small": at.video(video, small=True) if video.small_key else None,
        "width": video.width,
        "height": video.height,
        "fit": video.fit.value,
        "loop": video.loop,
        "sound": video.has_sound,
        "packed": video.transparency is not Transparency.NONE,
        "plain": at.plain_video(video) if video.flat_key else None,
        "captions": at.captions(video),
        "captionsLanguage": video.captions_language,
        "download": at.plain_video(video, download=True) if view.rules.downloads else None,
    }


def _reason_to_fall_back(view: View, asked: bool) -> str | None:
    if not any(shown.video for shown in view.shown):
        waiting = videos.any_for([shown.portrait.id for shown in view.shown])
        return "processing" if waiting else "no-video"
    if asked:
        return "asked"
    if recognised(view):
        return None
    portraits = [shown.portrait for shown in view.shown]
    if all(portrait.recognisable is Recognisable.NO for portrait in portraits):
        return "not-recognisable"
    if any(portrait.status is PortraitStatus.PROCESSING for portrait in portraits):
        return "processing"
    return "marker-failed"


def _finder(portrait: Portrait) -> dict[str, int]:
    scale = _FINDER / max(portrait.width, portrait.height)
    return {"width": round(portrait.width * scale), "height": round(portrait.height * scale)}
