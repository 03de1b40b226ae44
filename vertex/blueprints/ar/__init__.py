"""The customer's page: what a QR code opens, and the page on which a phone checks itself."""

from vertex.blueprints.ar import check
from vertex.blueprints.ar.routes import bp

__all__ = ["bp", "check"]
