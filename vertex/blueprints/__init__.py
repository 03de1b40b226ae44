"""What comes in over HTTP."""

from flask import Flask

from vertex.blueprints.account import bp as account
from vertex.blueprints.ar import bp as ar
from vertex.blueprints.auth import bp as auth
from vertex.blueprints.clients import bp as clients
from vertex.blueprints.dev import bp as dev
from vertex.blueprints.health import bp as health
from vertex.blueprints.home import bp as home
from vertex.blueprints.portraits import bp as portraits

# what a stranger may ask for; all else wants a sign-in
OPEN = ("ar", "auth", "health", "static")


def init_app(app: Flask) -> None:
    """Give every blueprint its address."""
    app.register_blueprint(auth)
    app.register_blueprint(account)
    app.register_blueprint(home)
    app.register_blueprint(clients, url_prefix="/clients")
    app.register_blueprint(portraits, url_prefix="/portraits")
    app.register_blueprint(dev, url_prefix="/dev")
    app.register_blueprint(ar, url_prefix="/v")
    app.register_blueprint(health, url_prefix="/health")
