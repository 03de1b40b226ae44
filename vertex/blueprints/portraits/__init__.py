"""Portraits: upload, page and files, for the staff."""

from vertex.blueprints.portraits import captions, details, files, film, routes, rules, upload
from vertex.blueprints.portraits._blueprint import bp

__all__ = ["bp", "captions", "details", "files", "film", "routes", "rules", "upload"]
