"""The work done outside requests, for admins."""

from vertex.blueprints.jobs.routes import bp

__all__ = ["bp"]
