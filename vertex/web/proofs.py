"""The one cookie of customers' pages: it proves that the PIN was known."""

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from vertex.runtime import runtime

_COOKIE = "vertex_pin"
_SECONDS = 12 * 3600


def proof_for(code: str) -> str | None:
    """The proof this browser holds for a code, or None."""
    try:
        named, proof = _signer().loads(request.cookies.get(_COOKIE, ""), max_age=_SECONDS)
    except (BadSignature, ValueError):
        return None
    return str(proof) if named == code else None


def give(response: Response, code: str, proof: str) -> None:
    """Let this browser see what the code names for half a day; it tells nothing to other pages."""
    response.set_cookie(
        _COOKIE,
        _signer().dumps([code, proof]),
        max_age=_SECONDS,
        path=f"/v/{code}",
        secure=runtime().settings.https,
        httponly=True,
        samesite="Lax",
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="pin")
