"""The first page of the staff."""

from vertex.blueprints.home.routes import bp

__all__ = ["bp"]
