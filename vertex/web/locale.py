"""The language of an answer."""

from flask import Flask, Response, g, has_request_context, request

from vertex.extensions import babel
from vertex.runtime import runtime

LOCALES = ("en", "ru")


def select_locale() -> str:
    """The reader's language among ours; the installation's where nobody has said."""
    fallback = runtime().settings.default_locale
    if not has_request_context():
        return fallback
    chosen: str | None = g.get("locale")  # of the account, known once a stranger is refused
    return _asked() or chosen or _preferred(fallback)


def _asked() -> str | None:
    """The language chosen on a customer's page, whose address is all that remembers it."""
    asked = request.args.get("lang") if request.blueprint == "ar" else None
    return asked if asked in LOCALES else None


def _preferred(fallback: str) -> str:
    return request.accept_languages.best_match(LOCALES, default=fallback) or fallback


def init_app(app: Flask) -> None:
    """Answer each reader in their language, and tell caches that answers differ."""
    babel.init_app(app, locale_selector=select_locale)
    app.jinja_env.globals["locale"] = select_locale
    app.after_request(_vary)


def _vary(response: Response) -> Response:
    if response.mimetype in ("text/html", "application/problem+json"):
        response.vary.add("Accept-Language")
        response.content_language.add(select_locale())
    return response
