"""For those who work on the pages."""

from vertex.blueprints.dev.routes import bp

__all__ = ["bp"]
