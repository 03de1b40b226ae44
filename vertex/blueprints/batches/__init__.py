"""Many orders or portraits at once, and print sheets."""

from vertex.blueprints.batches import routes, sheets  # noqa: F401
from vertex.blueprints.batches._blueprint import bp

__all__ = ["bp"]
