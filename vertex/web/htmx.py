"""HTMX: the same view serves a page, or one named block of that page."""

import json

from flask import Flask, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block


def is_htmx() -> bool:
    """True for a partial update: not for boosted navigation or history restore."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render_page(template: str, *, fragments: tuple[str, ...] = (), **context: object) -> str:
    """Render the page, or the block the request targets if the view offers it alone.

    A fragment's element id and its block name are the same word, so the template alone says what
    is swapped where; the view only says what may be asked for.
    """
    target = request.headers.get("HX-Target", "")
    if is_htmx() and target in fragments:
        return render_block(template, target, **context)
    return render_template(template, **context)


def go_to(url: str) -> ResponseReturnValue:
    """Send the browser to another page, however it asked."""
    if is_htmx():
        return "", 200, {"HX-Redirect": url}
    return redirect(url, 303)


def tell(response: Response, *events: str) -> Response:
    """Let the page know, with this answer, what has changed: `clients-changed`."""
    response.headers["HX-Trigger"] = json.dumps(dict.fromkeys(events, True))
    return response


def init_app(app: Flask) -> None:
    """Keep a part of a page from being taken for the page, by caches and by the Back button."""
    app.after_request(_vary)


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Target"))
        response.headers.setdefault("Cache-Control", "no-store")
    return response
