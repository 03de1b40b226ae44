"""The customer's pages."""

from typing import Any

from flask import Blueprint, request

from vertex.services import public_codes, viewing
from vertex.services.viewing import View
from vertex.web.limits import limit_customers
from vertex.web.proofs import proof_for

bp = Blueprint("ar", __name__)
limit_customers(bp)


def seen(code: str) -> View:
    """What this browser may see behind the code, judged anew for each request."""
    return viewing.view(code, proof=proof_for(public_codes.normalise(code) or ""))


def carried() -> dict[str, Any]:
    """What an address goes on with when it is corrected: nothing that Flask would understand."""
    return {name: request.args[name] for name in ("lang", "camera") if name in request.args}
