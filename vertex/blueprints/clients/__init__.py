"""The people who order portraits."""

from vertex.blueprints.clients.routes import bp

__all__ = ["bp"]
