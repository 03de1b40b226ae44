"""The first start: tells on the terminal where the first admin is made."""

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from vertex.runtime import runtime
from vertex.services import accounts, first_start

_log = structlog.get_logger("vertex.first_start")


def link(app: Flask) -> str | None:
    """The address at which the first admin is made; None where there is an account already."""
    if accounts.anyone():
        return None
    token = first_start.token(str(app.secret_key))
    return f"{runtime().settings.public_url}/setup?token={token}"


def announce(app: Flask) -> None:
    """Log the address for the person who has started the server."""
    with app.app_context():
        try:
            address = link(app)
        except SQLAlchemyError:  # no tables yet: `flask db upgrade` comes first
            return
    if address is not None:
        _log.warning("this installation is empty", set_it_up_at=address)
