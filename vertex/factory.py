"""Builds the application: the list of what attaches itself to it."""

from flask import Flask
from jinja2 import StrictUndefined

from vertex import blueprints, cli, extensions, jobs
from vertex.runtime import Runtime
from vertex.settings import Settings
from vertex.web import (
    auth,
    compression,
    errors,
    files,
    forms,
    headers,
    htmx,
    limits,
    locale,
    logs,
    moving,
    orders,
    pages,
    proof_words,
    request_id,
    static,
    studio,
    uploads,
    work,
)


def build(settings: Settings | None, runtime: Runtime | None) -> Flask:
    """The application for these settings, or for those of the environment."""
    settings = settings or (runtime.settings if runtime else Settings.from_env())

    app = Flask("vertex", instance_path=str(settings.instance), static_folder=None)
    app.config.from_mapping(settings.flask_config())
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.extensions["vertex"] = runtime or Runtime.build(settings)

    logs.init_app(app)
    request_id.init_app(app)
    moving.init_app(app)
    extensions.init_app(app)
    locale.init_app(app)
    # in this order: no stranger is counted as a user, nobody uncounted makes us read a body
    auth.init_app(app, open_to_strangers=blueprints.OPEN)
    uploads.init_app(app)
    limits.init_app(app)
    forms.init_app(app)
    htmx.init_app(app)
    pages.init_app(app)
    orders.init_app(app)
    proof_words.init_app(app)
    work.init_app(app)
    studio.init_app(app)
    headers.init_app(app)
    static.init_app(app)
    compression.init_app(app)
    files.init_app(app)
    blueprints.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    jobs.init_app(app)
    return app
