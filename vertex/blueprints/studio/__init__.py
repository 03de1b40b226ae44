"""The studio's own face, for admins."""

from vertex.blueprints.studio.routes import bp

__all__ = ["bp"]
