"""Vertex AR: a studio's printed portraits come alive in the phone's camera."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from vertex.runtime import Runtime
    from vertex.settings import Settings


def create_app(settings: "Settings | None" = None, runtime: "Runtime | None" = None) -> "Flask":
    """Build the application; tests pass their own settings and runtime."""
    from vertex.factory import build  # vertex.recogniser is also used where there is no Flask

    return build(settings, runtime)
