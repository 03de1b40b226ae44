"""What somebody has seen before they change it: nobody overwrites what they do not know of."""

import hashlib

from vertex.errors import ConflictError

_LENGTH = 16


def fingerprint(*values: object) -> str:
    """Return a short word that changes with these values, for a form to bring back."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:_LENGTH]


def check_seen(seen: str | None, now: str) -> None:
    """Raise ConflictError if what was seen is not what there is now; None: nobody has looked."""
    if seen is not None and seen != now:
        raise ConflictError("changed_meanwhile")
