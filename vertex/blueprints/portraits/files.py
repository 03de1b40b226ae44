"""The files of a portrait, for the staff alone."""

from uuid import UUID

from flask import Response

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._shown import chosen_video
from vertex.errors import NotFoundError
from vertex.runtime import runtime
from vertex.services import portraits
from vertex.web.files import REVALIDATE, send_stored
from vertex.web.limits import limit_files


@bp.get("/<uuid:portrait_id>/preview")
@limit_files
def preview(portrait_id: UUID) -> Response:
    """Send the picture, in a size for screens; also of what lies in the bin."""
    return _send(portraits.get_even_binned(portrait_id).preview_key)


@bp.get("/<uuid:portrait_id>/original")
@limit_files
def original(portrait_id: UUID) -> Response:
    """Send the picture as it was uploaded, to be kept."""
    portrait = portraits.get(portrait_id)
    response = _send(portrait.image_key)
    extension = portrait.image_key.rpartition(".")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="{portrait_id}.{extension}"'
    return response


@bp.get("/<uuid:portrait_id>/marker-preview")
@limit_files
def marker_preview(portrait_id: UUID) -> Response:
    """Send the picture as the recogniser sees it."""
    key = portraits.get(portrait_id).marker_preview_key
    if key is None:
        raise NotFoundError(kind="file")
    return _send(key)


@bp.get("/<uuid:portrait_id>/poster")
@limit_files
def poster(portrait_id: UUID) -> Response:
    """Send the first picture of a video."""
    return _send(_video_of(portrait_id)[1])


@bp.get("/<uuid:portrait_id>/film")
@limit_files
def film(portrait_id: UUID) -> Response:
    """Send a video as it plays on the print."""
    return _send(_video_of(portrait_id)[0])


@bp.get("/<uuid:portrait_id>/source")
@limit_files
def source(portrait_id: UUID) -> Response:
    """Send a video as it was uploaded, to be kept."""
    portraits.get(portrait_id)
    video = chosen_video(portrait_id)
    if video is None:
        raise NotFoundError(kind="file")
    response = _send(video.source_key)
    extension = video.source_key.rpartition(".")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="{video.id}.{extension}"'
    return response


def _video_of(portrait_id: UUID) -> tuple[str, str]:
    portraits.get(portrait_id)
    video = chosen_video(portrait_id)
    if video is None or video.file_key is None or video.poster_key is None:
        raise NotFoundError(kind="file")
    return video.file_key, video.poster_key


def _send(key: str) -> Response:
    # always asked again: whether this person may still see it is decided each time
    return send_stored(runtime().storage, key, cache=REVALIDATE)
