"""The customer's page as a folder: the same page and scripts, with addresses inside it."""

from typing import cast

from flask import Flask, current_app, g
from flask_babel import force_locale
from flask_babel import gettext as _

from vertex.errors import ConflictError
from vertex.runtime import runtime
from vertex.services import albums, studio, viewing
from vertex.services.exports import Export
from vertex.services.viewing import View
from vertex.web import qr, viewer
from vertex.web.static import FOLDER
from vertex.web.studio import stylesheet
from vertex.web.viewer_addresses import FolderAddresses, marker_keys, recognised

# what only this server has
_LEFT_OUT = (
    "check.js", "check-code.js", "check.css", "service-worker.js", "standing.js", "types.d.ts",
)  # fmt: skip
_VENDOR = (viewer.AFRAME, viewer.AFRAME_LICENSES)


def export_of_code(code: str, locale: str) -> Export:
    """What the folder of a code holds, for those who have no request: a job."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    with app.test_request_context(base_url=runtime().settings.public_url):
        return export_of(viewing.unruled(code), locale)


def export_of(view: View, locale: str) -> Export:
    """What the folder holds; ConflictError if there is nothing to play or to recognise."""
    if not recognised(view):
        raise ConflictError("nothing_to_export")
    at = FolderAddresses(view)
    g.locale = locale  # as if the reader had chosen it
    with force_locale(locale):
        page = viewer.page(view, at)
        read_me = _read_me()
    storage = runtime().storage
    public_url = f"{runtime().settings.public_url}/v/{view.code}"
    made = {
        "index.html": page.encode(),
        "README.txt": read_me.encode(),
        "marker.vxm": albums.marker_of(marker_keys(view), storage),
        "qr.svg": qr.svg(public_url),
    }
    if colours := stylesheet(studio.get().accent):
        made["colours.css"] = colours.encode()
    ours = {f"static/ar/{path.name}": path for path in (FOLDER / "ar").iterdir()}
    ours = {name: path for name, path in ours.items() if path.name not in _LEFT_OUT}
    ours |= {f"static/vendor/{name}": FOLDER / "vendor" / name for name in _VENDOR}
    ours["static/icon.svg"] = FOLDER / "icon.svg"
    return Export(stored=at.files, ours=ours, made=made)


def _read_me() -> str:
    return str(
        _(
            "This folder makes the printed photo come alive, without any other program.\n"
            "Put it on any web server with https, and open it on a phone.\n"
            "At home: python -m http.server in this folder, then http://localhost:8000\n"
        )
    )
