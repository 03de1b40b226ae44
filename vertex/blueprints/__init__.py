"""What comes in over HTTP."""

from flask import Flask

from vertex.blueprints.ar import bp as ar
from vertex.blueprints.health import bp as health

# what a stranger may ask for; all else wants a sign-in
OPEN = ("ar", "health", "static")


def init_app(app: Flask) -> None:
    """Give every blueprint its address."""
    app.register_blueprint(ar, url_prefix="/v")
    app.register_blueprint(health, url_prefix="/health")
