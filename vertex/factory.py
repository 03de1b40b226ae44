"""Builds the application: the list of what attaches itself to it."""

from flask import Flask
from jinja2 import StrictUndefined

from vertex import blueprints, cli, extensions, jobs
from vertex.runtime import Runtime
from vertex.settings import Settings
from vertex.web import errors, headers, locale, logs, request_id, static


def build(settings: Settings | None, runtime: Runtime | None) -> Flask:
    """The application for these settings, or for those of the environment."""
    settings = settings or (runtime.settings if runtime else Settings.from_env())

    app = Flask("vertex", instance_path=str(settings.instance))
    app.config.from_mapping(settings.flask_config())
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.extensions["vertex"] = runtime or Runtime.build(settings)

    logs.init_app(app)
    request_id.init_app(app)
    extensions.init_app(app)
    locale.init_app(app)
    headers.init_app(app)
    static.init_app(app)
    blueprints.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    jobs.init_app(app)
    return app
