"""The page on which a phone checks itself, and the print it is to look at.

The word `check` can never be a portrait's code: those have ten characters.
"""

from io import BytesIO
from typing import Any

from flask import Response, make_response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar._blueprint import bp
from vertex.blueprints.ar.texts import check_texts
from vertex.services import phone_checks
from vertex.web.headers import allow_wasm

_MAX_AGE = 3600  # s; the sample changes with the program


@bp.get("/check")
def check() -> ResponseReturnValue:
    """Show the page that tells what this phone can do."""
    response = make_response(render_template("ar/check.html", viewer=_viewer()))
    response.headers["Cache-Control"] = "no-store"
    return allow_wasm(response)


@bp.get("/check/print")
def check_print() -> ResponseReturnValue:
    """Show the sample portrait over the whole screen, for a phone to look at."""
    return render_template("ar/check_print.html")


@bp.get("/check/portrait")
def check_portrait() -> Response:
    """Send the sample portrait."""
    return _send(phone_checks.sample(), "image/jpeg")


@bp.get("/check/marker")
def check_marker() -> Response:
    """Send what a phone needs to recognise the sample."""
    return _send(phone_checks.sample_marker(), "application/octet-stream")


def _send(content: bytes, content_type: str) -> Response:
    return send_file(BytesIO(content), mimetype=content_type, max_age=_MAX_AGE)


def _viewer() -> dict[str, Any]:
    """What the page's scripts are told; see Config in static/ar/types.d.ts."""
    return {
        "worker": url_for("static", filename="ar/worker.js"),
        "simd": url_for("static", filename="ar/recogniser.wasm"),
        "plain": url_for("static", filename="ar/recogniser-plain.wasm"),
        "marker": url_for("ar.check_marker"),
        "texts": check_texts(),
    }
