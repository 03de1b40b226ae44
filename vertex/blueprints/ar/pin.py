"""The PIN of a customer's page."""

from typing import Any

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar._blueprint import bp
from vertex.blueprints.ar.closed import closed_page
from vertex.errors import DomainError
from vertex.services import pins, public_codes
from vertex.web import proofs
from vertex.web.forms import without_token

_MOST_DIGITS = 100


# There is no session that a forged form could misuse, and whoever knows the PIN may look anyway.
@bp.post("/<code>/pin")
@without_token
def enter_pin(code: str) -> ResponseReturnValue:
    """Open the page for whoever knows its PIN."""
    pin = request.form.get("pin", "")[:_MOST_DIGITS]
    try:
        proof = pins.prove(code, pin, address=request.remote_addr)
    except DomainError as error:
        return closed_page(code, error)
    named = public_codes.normalise(code) or code
    response = make_response(redirect(url_for(_page_behind(), code=named, **_language()), 303))
    response.headers["Cache-Control"] = "no-store"
    if proof is not None:
        proofs.give(response, named, proof)
    return response


def _page_behind() -> str:
    """The page that the PIN was asked for by."""
    return "ar.order" if request.args.get("to") == "order" else "ar.show"


def _language() -> dict[str, Any]:
    asked = request.args.get("lang")
    return {"lang": asked} if asked else {}
