"""What a customer's page tells of its visit."""

import json

from flask import Response, request

from vertex.blueprints.ar._blueprint import bp
from vertex.services import visits
from vertex.web.auth import somebody
from vertex.web.forms import without_token
from vertex.web.limits import limit_events

_MOST_BYTES = 1024


# A page that is being closed can send no token. Whoever forges this makes a number wrong, no more.
@bp.post("/<code>/events")
@without_token
@limit_events
def events(code: str) -> Response:
    """Note how the visit goes; the answer is the same whatever was sent."""
    told = _told()
    agent = request.headers.get("User-Agent", "")
    if told is not None and somebody() is None and not visits.is_bot(agent):
        visits.note(code, told)
    return Response(status=204, headers={"Cache-Control": "no-store"})


def _told() -> dict[str, object] | None:
    length = request.content_length
    if length is None or length > _MOST_BYTES:
        return None
    try:
        told = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
