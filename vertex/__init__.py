"""Vertex AR: a studio's printed portraits come alive in the phone's camera."""

from flask import Flask
from jinja2 import StrictUndefined

from vertex import blueprints, cli, extensions, jobs
from vertex.runtime import Runtime
from vertex.settings import Settings
from vertex.web import errors, headers, locale, logs, request_id, static


def create_app(settings: Settings | None = None, runtime: Runtime | None = None) -> Flask:
    """Build the application; tests pass their own settings and runtime."""
    settings = settings or (runtime.settings if runtime else Settings.from_env())

    app = Flask(__name__, instance_path=str(settings.instance))
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
