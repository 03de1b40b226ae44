"""Addresses of earlier years: prints that name them lead to where the studio is now."""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from vertex.runtime import runtime


def init_app(app: Flask) -> None:
    """Lead requests for an old host to the same path of the public address."""
    app.before_request(_lead)


def _lead() -> ResponseReturnValue | None:
    settings = runtime().settings
    if request.host.lower() not in settings.old_hosts:
        return None
    # only hosts that the settings name get here, and only the settings say where to
    path = request.full_path if request.query_string else request.path
    kept = request.method in ("GET", "HEAD")
    return redirect(settings.public_url + path, 301 if kept else 308)
