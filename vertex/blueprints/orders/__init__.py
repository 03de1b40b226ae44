"""Orders: list and board, form, page, and their way from new to delivered."""

from vertex.blueprints.orders import editing, moves, routes, rules, views  # noqa: F401
from vertex.blueprints.orders._blueprint import bp

__all__ = ["bp"]
