"""The studio's own face and words, for admins."""

from vertex.blueprints.studio import texts
from vertex.blueprints.studio.routes import bp

__all__ = ["bp", "texts"]
