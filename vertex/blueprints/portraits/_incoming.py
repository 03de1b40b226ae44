"""The video of a form: sent with it, or piece by piece before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from vertex.blueprints.portraits.forms import VideoForm
from vertex.errors import InvalidError, NotFoundError
from vertex.runtime import runtime
from vertex.services import uploads
from vertex.web.auth import me


@contextmanager
def incoming_video(form: VideoForm) -> Iterator[tuple[BinaryIO, str]]:
    """Give the video and its name; what was sent before is forgotten when used or refused."""
    upload_id = form.upload_id
    if upload_id is None:
        yield form.video.data.stream, form.video.data.filename
        return
    try:
        file, filename = _open(upload_id)
        with file:
            yield file, filename
    except InvalidError as error:
        if error.field == "video":
            _forget(form, upload_id)
        raise
    _forget(form, upload_id)


def _open(upload_id: UUID) -> tuple[BinaryIO, str]:
    folder = runtime().settings.unfinished_uploads
    try:
        return uploads.open_complete(upload_id, user_id=me().user_id, folder=folder)
    except NotFoundError:
        raise InvalidError("upload_gone", field="video") from None


def _forget(form: VideoForm, upload_id: UUID) -> None:
    form.video_upload.data = ""
    uploads.forget(upload_id, user_id=me().user_id, folder=runtime().settings.unfinished_uploads)
