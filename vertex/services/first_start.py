"""The first start: who may make the first admin of an empty installation."""

import hashlib
import hmac
import ipaddress

from vertex.errors import ForbiddenError
from vertex.services import accounts

_PURPOSE = b"vertex set-up"


def token(secret_key: str) -> str:
    """Return the token printed on the terminal, by which a person elsewhere may set up."""
    return hmac.new(secret_key.encode(), _PURPOSE, hashlib.sha256).hexdigest()[:32]


def check(*, given: str, secret_key: str, ip: str | None, forwarded: bool) -> None:
    """Raise ForbiddenError unless this is an empty installation and they may set it up.

    From this machine nothing is asked, unless a proxy that we were not told of passed it on:
    then the address is the proxy's.
    """
    if accounts.anyone():
        raise ForbiddenError("set_up_already")
    known = hmac.compare_digest(given.encode(), token(secret_key).encode())
    if not known and (forwarded or not _is_loopback(ip)):
        raise ForbiddenError("set_up_elsewhere")


def _is_loopback(ip: str | None) -> bool:
    try:
        return ipaddress.ip_address(ip or "").is_loopback
    except ValueError:
        return False
