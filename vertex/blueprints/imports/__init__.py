"""Imports: many portraits, clients or orders out of one file."""

from vertex.blueprints.imports import routes, sending  # noqa: F401
from vertex.blueprints.imports._blueprint import bp

__all__ = ["bp"]
