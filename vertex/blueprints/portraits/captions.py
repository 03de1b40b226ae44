"""The captions of a portrait's video."""

from typing import BinaryIO, cast
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from vertex.blueprints.portraits._blueprint import bp
from vertex.blueprints.portraits._page import Refused, portrait_page
from vertex.blueprints.portraits.film import page_with, video_of
from vertex.blueprints.portraits.forms import CaptionsForm
from vertex.errors import InvalidError
from vertex.runtime import runtime
from vertex.services import captions
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.htmx import go_to
from vertex.web.toasts import toast


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/captions")
def attach_captions(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Give a video captions."""
    video = video_of(portrait_id, video_id)
    form = CaptionsForm(CombinedMultiDict((request.files, request.form)))
    try:
        if not form.validate():
            raise InvalidError(field=next(iter(form.errors)))
        file, storage = cast(FileStorage, form.captions.data), runtime().storage
        stream, language = cast(BinaryIO, file.stream), str(form.language.data)
        captions.attach(video.id, stream, language=language, actor=actor(), storage=storage)
    except InvalidError as error:
        if not form.errors:
            form.refuse(error)
        page = portrait_page(portrait_id, Refused(captions=form), video_id=video_id)
        return page, status_of(error)
    toast(_("The captions are there."))
    return go_to(page_with(portrait_id, video_id))


@bp.post("/<uuid:portrait_id>/videos/<uuid:video_id>/captions/delete")
def remove_captions(portrait_id: UUID, video_id: UUID) -> ResponseReturnValue:
    """Take a video's captions away."""
    video = video_of(portrait_id, video_id)
    captions.remove(video.id, actor=actor(), storage=runtime().storage)
    toast(_("The captions are gone."))
    return go_to(page_with(portrait_id, video_id))
