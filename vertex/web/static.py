"""Static files: kept for good under a path that names the release, and small on their way.

The path holds all of them, so that what modules import of each other is of the same release and
kept as long.
"""

import hashlib
import mimetypes
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, send_file, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from vertex.errors import NotFoundError
from vertex.web.compression import answer, is_worth_it, source_of
from vertex.web.headers import allow_wasm

FOLDER = Path(__file__).parents[1] / "static"

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# a Worker stands under the policy of its own script, not under its page's
_RECOGNISER = "ar/worker.js"
_RELEASE = "vertex.release"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


def init_app(app: Flask) -> None:
    """Serve the files, and let url_for('static', …) lead to those of this release."""
    app.static_folder = str(FOLDER)
    app.add_url_rule("/static/<path:filename>", "static", send)
    app.add_url_rule("/static/r/<release>/<path:filename>", "static", send)
    app.url_defaults(_name_release)
    app.jinja_env.globals["icons"] = _icons
    app.session_interface = _Sessions()


def send(filename: str, release: str | None = None) -> ResponseReturnValue:
    """Send a file; that of an older release is answered with today's, and asked for again."""
    found = safe_join(str(FOLDER), filename)
    path = Path(found) if found else None
    if path is None or not path.is_file():
        raise NotFoundError(kind="file")
    response = _body(path, filename)
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = _FOR_GOOD if release == release_of_now() else _ASK_AGAIN
    return allow_wasm(response) if filename == _RECOGNISER else response


def _icons() -> str:
    """The address of the staff's icons, of which a page has hundreds."""
    if "icons" not in g:
        g.icons = url_for("static", filename="staff/icons.svg")
    return str(g.icons)


class _Sessions(SecureCookieSessionInterface):
    """Renews the cookie of who is signed in with all they see, but for what everybody may keep."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie; a shared cache that kept an answer with it would give it to others."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def release_of_now() -> str:
    """What names the static files as they are."""
    name: str = current_app.extensions.setdefault(_RELEASE, "") or _release()
    if not current_app.debug:  # who works on the files sees them change
        current_app.extensions[_RELEASE] = name
    return name


def _name_release(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values.setdefault("release", release_of_now())


def _body(path: Path, filename: str) -> Response:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    if not is_worth_it(path) or "Range" in request.headers:
        content = BytesIO(source_of(path))
        mimetype = kind.partition(";")[0]
        return send_file(content, mimetype=mimetype, conditional=True, etag=_hash(path))
    place = Path(current_app.instance_path) / "static" / release_of_now() / filename
    return answer(_hash(path), lambda: source_of(path), content_type=kind, place=place)


def _hash(path: Path) -> str:
    return _hash_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _hash_of(path: Path, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:20]


def _release() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(FOLDER)} {_hash(path)}\n".encode())
    return digest.hexdigest()[:12]
