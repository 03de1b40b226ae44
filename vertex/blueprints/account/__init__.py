"""One's own account."""

from vertex.blueprints.account.routes import bp

__all__ = ["bp"]
