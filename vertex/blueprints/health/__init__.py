"""Health: for the machines that watch over this one."""

from vertex.blueprints.health.routes import bp

__all__ = ["bp"]
