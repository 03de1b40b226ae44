"""What a customer sees in place of the page: why not now, and what to do."""

from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar.texts import closed_texts
from vertex.errors import DomainError, TooManyError
from vertex.services import public_codes
from vertex.web.errors import status_of
from vertex.web.messages import explain
from vertex.web.studio import face

_STATES = {
    "pin_needed": "pin",
    "pin_wrong": "pin",
    "pin_locked": "pin",
    "paused": "paused",
    "opens_later": "later",
    "expired": "expired",
    "code_gone": "deleted",
    "not_found": "deleted",
    "code_unknown": "unknown",
}


def closed_page(code: str, error: DomainError) -> ResponseReturnValue:
    """Say it in words, with a way on; nothing of the order is told."""
    state = _STATES.get(error.code, "unknown")
    named = public_codes.normalise(code)
    wrong = error.code in ("pin_wrong", "pin_locked")
    title, sentence = closed_texts(state)
    page = render_template(
        "ar/closed.html",
        face=face(),
        title=title,
        sentence=sentence,
        state=state,
        reason=error.code.replace("_", "-"),
        action=_pin_address(named) if named and state == "pin" else None,
        trouble=explain(error) if wrong else None,
        locked=isinstance(error, TooManyError),
        until=error.params.get("until"),
    )
    response = make_response(page, status_of(error))
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _pin_address(code: str) -> str:
    """Where the PIN is sent, which leads on to the page that was asked for, in its language."""
    on: dict[str, Any] = {
        name: request.args[name] for name in ("lang", "to") if name in request.args
    }
    if request.endpoint == "ar.order":
        on["to"] = "order"
    return url_for("ar.enter_pin", **{**on, "code": code})
