"""What clients are told of their orders and portraits."""

from vertex.blueprints.telling import routes
from vertex.blueprints.telling._blueprint import bp

__all__ = ["bp", "routes"]
