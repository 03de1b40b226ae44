"""What the program has told the person who asks."""

from vertex.blueprints.notifications.routes import bp

__all__ = ["bp"]
