"""What an address asks for, where it can be asked for wrongly."""

from uuid import UUID

from flask import request

from vertex.errors import NotFoundError


def asked_uuid(name: str) -> UUID | None:
    """The id of this name in the query or form, or None; NotFoundError if it cannot be one."""
    given = request.values.get(name, "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotFoundError(kind=name, id=given[:40]) from None
