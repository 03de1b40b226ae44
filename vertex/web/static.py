"""Static files: kept for good under a URL that names their content, else asked for again."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

from vertex.web.headers import allow_wasm

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# a Worker stands under the policy of its own script, not under its page's
_RECOGNISER = "ar/worker.js"


def init_app(app: Flask) -> None:
    """Put the content's hash into url_for('static', …) and the fitting header on the answer."""
    app.url_defaults(_name_content)
    app.after_request(_say_how_long)


def _name_content(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        version = _version(values["filename"])
        if version:
            values["v"] = version


def _say_how_long(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        current = _version((request.view_args or {})["filename"])
        named = current is not None and request.args.get("v") == current
        response.headers["Cache-Control"] = _FOR_GOOD if named else _ASK_AGAIN
        if (request.view_args or {})["filename"] == _RECOGNISER:
            allow_wasm(response)
    return response


def _version(filename: str) -> str | None:
    folder = Path(current_app.static_folder or "")
    path = folder / filename
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return None
    return _hash(path, path.stat().st_mtime_ns)


@cache
def _hash(path: Path, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
