"""What comes in over HTTP."""

from flask import Flask

from vertex.blueprints.account import bp as account
from vertex.blueprints.ar import bp as ar
from vertex.blueprints.auth import bp as auth
from vertex.blueprints.batches import bp as batches
from vertex.blueprints.clients import bp as clients
from vertex.blueprints.dev import bp as dev
from vertex.blueprints.health import bp as health
from vertex.blueprints.home import bp as home
from vertex.blueprints.imports import bp as imports
from vertex.blueprints.jobs import bp as jobs
from vertex.blueprints.notifications import bp as notifications
from vertex.blueprints.orders import bp as orders
from vertex.blueprints.portraits import bp as portraits
from vertex.blueprints.studio import bp as studio
from vertex.blueprints.telling import bp as telling
from vertex.blueprints.uploads import bp as uploads

# what a stranger may ask for; all else wants a sign-in
OPEN = ("ar", "auth", "health", "static")


def init_app(app: Flask) -> None:
    """Give every blueprint its address."""
    app.register_blueprint(auth)
    app.register_blueprint(account)
    app.register_blueprint(home)
    app.register_blueprint(orders, url_prefix="/orders")
    app.register_blueprint(clients, url_prefix="/clients")
    app.register_blueprint(portraits, url_prefix="/portraits")
    app.register_blueprint(imports, url_prefix="/imports")
    app.register_blueprint(batches, url_prefix="/batches")
    app.register_blueprint(uploads, url_prefix="/uploads")
    app.register_blueprint(telling)
    app.register_blueprint(jobs, url_prefix="/jobs")
    app.register_blueprint(notifications, url_prefix="/notifications")
    app.register_blueprint(studio, url_prefix="/settings")
    app.register_blueprint(dev, url_prefix="/dev")
    app.register_blueprint(ar, url_prefix="/v")
    app.register_blueprint(health, url_prefix="/health")
