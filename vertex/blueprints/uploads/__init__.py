"""Files sent piece by piece, for the staff."""

from vertex.blueprints.uploads.routes import bp

__all__ = ["bp"]
