"""Forms that change things are carried out once, however often they are sent."""

import secrets

from sqlalchemy import delete, select

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import Submission, utcnow
from vertex.services._transaction import add_first, atomic
from vertex.services.sessions import LONGEST

_LONGEST = 64


def new_token() -> str:
    """Return the token a form is shown with."""
    return secrets.token_urlsafe(18)


def check(token: str) -> None:
    """Raise ConflictError if the form with this token was carried out already."""
    if not 0 < len(token) <= _LONGEST:
        raise InvalidError("form_without_token")
    result = db.session.scalar(select(Submission.result).where(Submission.token == token))
    if result is not None:
        raise ConflictError("sent_twice", result=result)


def note(token: str, result: str) -> None:
    """Note, in the transaction of the change, what the form has made: `portrait:<id>`."""
    check(token)
    if not add_first(Submission(token=token, result=result), "uq_submissions_token"):
        check(token)
        raise ConflictError("changed_meanwhile")


def forget_old() -> None:
    """Forget forms that nobody can send any more."""
    with atomic():
        db.session.execute(delete(Submission).where(Submission.created_at < utcnow() - LONGEST))
