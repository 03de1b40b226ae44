"""The customer's pages."""

from flask import Blueprint

from vertex.services import public_codes, viewing
from vertex.services.viewing import View
from vertex.web.limits import limit_customers
from vertex.web.proofs import proof_for

bp = Blueprint("ar", __name__)
limit_customers(bp)


def seen(code: str) -> View:
    """What this browser may see behind the code, judged anew for each request."""
    return viewing.view(code, proof=proof_for(public_codes.normalise(code) or ""))
