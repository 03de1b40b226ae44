"""The customer's page: what a QR code opens."""

from vertex.blueprints.ar.routes import bp

__all__ = ["bp"]
