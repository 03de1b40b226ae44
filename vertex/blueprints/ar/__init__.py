"""The customer's pages, and the files they show."""

from vertex.blueprints.ar import check, events, files, offline, order, pin, routes, studio
from vertex.blueprints.ar._blueprint import bp

__all__ = ["bp", "check", "events", "files", "offline", "order", "pin", "routes", "studio"]
