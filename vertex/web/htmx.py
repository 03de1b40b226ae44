"""HTMX: whether a request wants a page or a part of one."""

from flask import request


def is_htmx() -> bool:
    """True for a partial update: not for boosted navigation or history restore."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )
