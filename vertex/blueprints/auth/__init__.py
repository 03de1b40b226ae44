"""The way in: signing in, and the first admin of an empty installation."""

from vertex.blueprints.auth.routes import bp

__all__ = ["bp"]
