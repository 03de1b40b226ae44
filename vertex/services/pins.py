"""PINs: short secrets between a studio and its client."""

import math
import re
from datetime import timedelta

from vertex.errors import InvalidError, TooManyError
from vertex.extensions import db
from vertex.models import utcnow
from vertex.services import attempts, passwords, public_codes, viewing

_PATIENCE = attempts.Patience(5, timedelta(minutes=1), timedelta(hours=1))
_PIN = re.compile(r"\d{4,8}", re.ASCII)
_SPACES = re.compile(r"\s+")


def hash_of(pin: str) -> str:
    """Return what is stored in place of the PIN; InvalidError unless it has 4 to 8 digits."""
    pin = _SPACES.sub("", pin)
    if not _PIN.fullmatch(pin):
        raise InvalidError("pin_malformed", field="pin")
    return passwords.hash_of(pin)


def confirmed(typed: str, pin_hash: str) -> str:
    """Return a PIN that the staff have typed to tell it, or raise InvalidError for another one."""
    pin = _SPACES.sub("", typed)
    db.session.rollback()  # the hash takes its time, and needs no transaction
    if not passwords.matches(pin, pin_hash):
        raise InvalidError("pin_other", field="pin")
    return pin


def prove(typed_code: str, pin: str, *, address: str | None) -> str | None:
    """Return what proves that the PIN of this code was known; None if the code has none.

    Raises InvalidError for a wrong one, and TooManyError after five from one address: for a minute,
    then for twice as long each time, up to an hour.
    """
    rules = viewing.rules_of(typed_code)
    proof = viewing.proof_of(rules)
    if rules.pin_hash is None:
        return None
    name, origin = f"pin:{public_codes.normalise(typed_code)}", f"ip:{address}"
    try:
        until = attempts.count(name, origin, _PATIENCE)
    except attempts.StillWaitingError as waiting:
        raise _wait(waiting.wait) from None
    db.session.rollback()  # the hash takes its time, and needs no transaction
    if not passwords.matches(_SPACES.sub("", pin), rules.pin_hash):
        if until is not None:
            raise _wait(until - utcnow())
        raise InvalidError("pin_wrong", field="pin")
    attempts.forget(name, origin)
    return proof


def _wait(wait: timedelta) -> TooManyError:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return TooManyError("pin_locked", seconds=seconds, minutes=math.ceil(seconds / 60))
