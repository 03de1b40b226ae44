"""The request's name: in its answer, in each of its log lines, on its error page."""

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from vertex.runtime import Runtime, runtime

HEADER = "X-Request-ID"

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_log = structlog.get_logger("vertex.request")


def request_id() -> str:
    """The name of the current request."""
    return str(g.request_id)


def init_app(app: Flask) -> None:
    """Believe as many proxies as the settings count, and name every request."""
    collaborators: Runtime = app.extensions["vertex"]
    trusted = collaborators.settings.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = _given() or uuid4().hex
    g.started = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _given() -> str | None:
    """The id the nearest proxy sent, if there is one we trust and the id is harmless."""
    if not runtime().settings.trusted_proxies:
        return None
    given = request.headers.get(HEADER, "")
    return given if _ACCEPTABLE.fullmatch(given) else None


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    # the path, not the query: what is typed or signed stays out of the logs
    _log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round((time.monotonic() - g.started) * 1000, 1),
    )
    return response
