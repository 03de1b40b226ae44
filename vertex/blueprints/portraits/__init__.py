"""Portraits: upload, page and files, for the staff."""

from vertex.blueprints.portraits import files, routes, upload
from vertex.blueprints.portraits._blueprint import bp

__all__ = ["bp", "files", "routes", "upload"]
