"""Attempts to guess a secret: counted by what is guessed and from where, and slowed down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from vertex.extensions import db
from vertex.models import SignInLock, utcnow
from vertex.services._transaction import atomic, violates

_FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong attempts are free, and the pauses after them: each twice the last."""

    free: int
    first: timedelta
    longest: timedelta

    def pause(self, failures: int) -> timedelta | None:
        """The pause after so many failures."""
        beyond = failures - self.free
        return None if beyond < 0 else min(self.first * (1 << min(beyond, 16)), self.longest)


class StillWaitingError(Exception):
    """The pause after the last wrong attempt is not over."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


def count(name: str, origin: str, patience: Patience) -> datetime | None:
    """Count an attempt before it is judged, so that many at once are not one.

    Return until when further attempts are refused, should this one fail; raise StillWaitingError
    while they are.
    """
    now = utcnow()
    try:
        with atomic():
            lock = _lock_of(name, origin)
            if lock.locked_until is not None and lock.locked_until > now:
                raise StillWaitingError(lock.locked_until - now)
            lock.failures += 1
            pause = patience.pause(lock.failures)
            lock.locked_until = None if pause is None else now + pause
            return lock.locked_until
    except IntegrityError as error:
        if not violates(error, "uq_sign_in_locks_username"):
            raise
        return count(name, origin, patience)  # another attempt has made the row meanwhile


def forget(name: str, origin: str) -> None:
    """Forget the failures: the last attempt was right."""
    with atomic():
        mine = (SignInLock.username == name, SignInLock.origin == origin)
        db.session.execute(delete(SignInLock).where(*mine))


def forget_old() -> None:
    """Forget where failures came from that nobody has added to for a day."""
    with atomic():
        old = SignInLock.updated_at < utcnow() - _FORGOTTEN_AFTER
        db.session.execute(delete(SignInLock).where(old))


def _lock_of(name: str, origin: str) -> SignInLock:
    mine = (SignInLock.username == name, SignInLock.origin == origin)
    lock = db.session.scalar(select(SignInLock).where(*mine).with_for_update())
    if lock is None:
        lock = SignInLock(username=name, origin=origin, failures=0)
        db.session.add(lock)
    elif lock.updated_at < utcnow() - _FORGOTTEN_AFTER:
        lock.failures = 0
    return lock
