"""What an address asks for, where it can be asked for wrongly."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request

from vertex.errors import NotFoundError

_Choice = TypeVar("_Choice", bound=StrEnum)


def asked_choice(name: str, kind: type[_Choice]) -> _Choice | None:
    """The word of this name in the query or form, or None; NotFoundError if it is none of ours."""
    given = request.values.get(name, "")
    if given and given not in list(kind):
        raise NotFoundError(kind=name, id=given[:40])
    return kind(given) if given else None


def asked_uuid(name: str) -> UUID | None:
    """The id of this name in the query or form, or None; NotFoundError if it cannot be one."""
    given = request.values.get(name, "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotFoundError(kind=name, id=given[:40]) from None
