"""Whether the service and what it stands on work: 200, or 503 when broken."""

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from vertex.runtime import runtime
from vertex.services import health

bp = Blueprint("health", __name__)

_log = structlog.get_logger("vertex.health")


@bp.get("")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return _answer(None)


@bp.get("/db")
def database() -> ResponseReturnValue:
    """Say whether the database answers and has our tables."""
    return _answer(health.trouble_with_database())


@bp.get("/storage")
def storage() -> ResponseReturnValue:
    """Say whether a file can be written and read."""
    return _answer(health.trouble_with_storage(runtime().storage))


def _answer(trouble: str | None) -> ResponseReturnValue:
    headers = {"Cache-Control": "no-store"}
    if trouble is None:
        return jsonify(status="ok"), 200, headers
    # the cause is for the log: it may name hosts and paths
    _log.error("unhealthy", trouble=trouble)
    return jsonify(status="broken"), 503, headers
