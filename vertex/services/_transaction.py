"""One place commits: the outermost atomic() block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from vertex.extensions import IMMEDIATE, Base, db

_DEPTH = "vertex.depth"
_AFTER = "vertex.after_commit"


class UnknownOutcomeError(Exception):
    """The database went away while it was storing: what was changed may be stored, or not."""


@contextmanager
def atomic() -> Iterator[None]:
    """Commit on the way out, roll back on any exception; inner blocks join the outer one."""
    session = db.session()
    if session.info.get(_DEPTH, 0):
        yield
        return
    _begin_to_write(session)
    session.info[_DEPTH] = 1
    try:
        yield
        _commit(session)
    except BaseException:
        session.info.pop(_AFTER, None)
        session.rollback()
        raise
    finally:
        session.info[_DEPTH] = 0
    for callback in session.info.pop(_AFTER, []):
        callback()


def after_commit(callback: Callable[[], object]) -> None:
    """Run callback once the surrounding transaction is safely stored."""
    info: dict[Any, Any] = db.session().info
    if not info.get(_DEPTH, 0):
        raise RuntimeError("after_commit() belongs inside atomic()")
    info.setdefault(_AFTER, []).append(callback)


def add_first(row: Base, constraint: str) -> bool:
    """Add a row, unless another session has stored the one this unique constraint allows.

    Tells whether it was added; else the other one can be read now.
    """
    session = db.session()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if not violates(error, constraint):
            raise
        return False
    return True


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether the database refused because of this unique constraint or unique index."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    # SQLite names the columns, not the constraint
    return f"UNIQUE constraint failed: {_columns_of(constraint)}" in str(error.orig)


def _begin_to_write(session: Session) -> None:
    if session.in_transaction():
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("rows are changed inside atomic(), not before it")
        # what was read so far belongs to an older state, from which SQLite lets nobody write
        session.rollback()
    session.connection(execution_options={IMMEDIATE: True})


def _commit(session: Session) -> None:
    session.flush()  # what the database refuses, it refuses here
    try:
        session.commit()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise UnknownOutcomeError from error


def _columns_of(constraint: str) -> str:
    for table in Base.metadata.sorted_tables:
        uniques: list[Index | UniqueConstraint] = [
            *table.indexes,
            *(key for key in table.constraints if isinstance(key, UniqueConstraint)),
        ]
        for unique in uniques:
            if unique.name == constraint:
                return ", ".join(f"{table.name}.{column.name}" for column in unique.columns)
    raise LookupError(constraint)
