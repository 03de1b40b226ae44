"""The people who order portraits."""

from vertex.blueprints.clients import consent, merging, routes  # noqa: F401
from vertex.blueprints.clients._blueprint import bp

__all__ = ["bp"]
