"""What every answer tells the browser to refuse."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, request

from vertex.runtime import Runtime, runtime_of

_FILMS_FROM = "VERTEX_FILMS_FROM"
_SAMPLE = f"videos/{UUID(int=0)}/{'0' * 32}.mp4"

_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def content_security_policy(**more: str) -> str:
    """The policy of our pages; `script_src="…"` adds a source to that directive."""
    extra = {name.replace("_", "-"): source for name, source in more.items()}
    if elsewhere := current_app.config.get(_FILMS_FROM):
        extra["media-src"] = elsewhere
    return "; ".join(
        f"{name} {sources} {extra[name]}" if name in extra else f"{name} {sources}"
        for name, sources in _POLICY.items()
    )


def allow_wasm(response: Response) -> Response:
    """Let this page and its worker compile WebAssembly."""
    response.headers["Content-Security-Policy"] = content_security_policy(
        script_src="'wasm-unsafe-eval'"
    )
    return response


def allow_films(response: Response) -> Response:
    """Let this service worker fetch what pages only play, from the bucket too if that is asked."""
    if elsewhere := current_app.config.get(_FILMS_FROM):
        policy = content_security_policy(connect_src=elsewhere)
        response.headers["Content-Security-Policy"] = policy
    return response


def keep_process(response: Response) -> Response:
    """Let this page be opened in the process that the browser has at hand.

    A page with an opener policy of its own makes the browser start a second process when the answer
    is there: 0.2 to 0.4 s of a first visit. A customer's page has nothing to hide from an opener.
    """
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def keep(response: Response, *, allowed: bool, films: bool = False) -> Response:
    """Let the service worker of customers' pages keep an answer for the next scan.

    That of a page says too whether its films may be kept: where they may not any more, they go.
    """
    if allowed:
        response.headers["X-Vertex-Keep"] = "films" if films else "yes"
    return response


def init_app(app: Flask) -> None:
    """Send the headers with every answer; what a view has set itself stays."""
    app.config[_FILMS_FROM] = _films_from(runtime_of(app))
    app.after_request(_protect)


def _films_from(collaborators: Runtime) -> str | None:
    """The origin of a bucket that browsers are sent to, or None."""
    if collaborators.settings.delivery != "redirect":
        return None
    link = collaborators.storage.link(_SAMPLE, content_type="video/mp4", seconds=1)
    return None if link is None else "{0.scheme}://{0.netloc}".format(urlsplit(link))


def _is_no_page() -> bool:
    """Whether every byte counts and no policy would hold: a Worker's has been set already."""
    released = request.endpoint == "static" and "release" in (request.view_args or {})
    return released or request.endpoint in ("ar.events", "ar.worker")


def _protect(response: Response) -> Response:
    if _is_no_page():
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    return response
