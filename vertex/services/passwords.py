"""Passwords: which are accepted, and how they are kept."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vertex.errors import InvalidError

LEAST = 12
# argon2 reads it all: a limit keeps one sign-in from costing more than another
MOST = 1024

_LEAST_DIFFERENT = 5
_hasher = PasswordHasher()


def check(password: str, *, username: str, field: str = "password") -> None:
    """Raise InvalidError unless this may be the password of this user."""
    if len(password) < LEAST:
        raise InvalidError("password_short", field=field, least=LEAST)
    if len(password) > MOST:
        raise InvalidError("password_long", field=field, most=MOST)
    if password.casefold() == username.casefold():
        raise InvalidError("password_is_username", field=field)
    if len(set(password.casefold())) < _LEAST_DIFFERENT:
        raise InvalidError("password_simple", field=field)


def hash_of(password: str) -> str:
    """Return what is stored in place of the password."""
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Tell whether it is the password; without a stored one it takes as long, and is not."""
    if len(password) > MOST:
        return False
    try:
        _hasher.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """Tell whether today's hash would be made with other parameters."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
