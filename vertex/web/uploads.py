"""Uploads: how much a view takes, and where it lies until it is judged."""

import tempfile
from collections.abc import Callable
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, current_app, g, request

from vertex.runtime import runtime

_View = TypeVar("_View", bound=Callable[..., Any])


class UploadRequest(Request):
    """A request whose files lie on the disk of the finished ones, nameless, never in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = runtime().settings.temporary_files
        folder.mkdir(parents=True, exist_ok=True)
        # without a name nothing is left of it, whatever ends this process
        file = cast(IO[bytes], tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - see _close()
        g.setdefault("uploads", []).append(file)
        return file


def takes_files(view: _View) -> _View:
    """Let this view's forms be as large as a picture and a video."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_a_file(largest: int) -> Callable[[_View], _View]:
    """Let this view's forms have so many bytes."""

    def mark(view: _View) -> _View:
        view.largest_form = largest  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Tell how much may be read of a body before anything reads it."""
    app.request_class = UploadRequest
    app.before_request(_allow)
    app.teardown_request(_close)


def _allow() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = runtime().settings.largest_upload
    elif largest := getattr(view, "largest_form", None):
        request.max_content_length = largest


def _close(_error: BaseException | None) -> None:
    """Close what came in, also of a form that was refused in its middle."""
    for file in g.pop("uploads", []):
        file.close()
