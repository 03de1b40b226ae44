"""What lets a phone keep the files of a page for the next scan."""

from flask import Response, make_response
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar._blueprint import bp
from vertex.web import static
from vertex.web.headers import allow_films


@bp.get("/service-worker.js")
def service_worker() -> Response:
    """Send the service worker, from an address that lets it see all customers' pages."""
    response = make_response(static.send("ar/service-worker.js"))
    response.headers["Cache-Control"] = "no-cache"
    return allow_films(response)


@bp.get("/r/<release>/worker.js")
def worker(release: str) -> ResponseReturnValue:
    """Send the recogniser's Worker from beneath the service worker.

    Browsers ask a service worker for what a Worker fetches only if that one's own address is among
    those it sees. No code is one character long.
    """
    return static.send("ar/worker.js", release)
