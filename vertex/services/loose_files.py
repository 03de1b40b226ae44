"""Files that no row names: noted before they are stored, and gone if no row comes to name them."""

import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Column, Update, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from vertex.extensions import Base, db
from vertex.models import LooseFile, utcnow
from vertex.services._transaction import add_first, after_commit, atomic
from vertex.storage import Storage, StorageError

DROP_JOB = "files.drop"
HELD = timedelta(hours=1)  # for so long a file may be under way; who takes longer is refused

_REMOVED_WITHIN = timedelta(minutes=10)  # then it is tried again
_WAIT = 10.0  # s for a removal that is under way
_PAUSE = 0.05
_ROWS = 1000

_log = structlog.get_logger("vertex.files")


class LostFileError(StorageError):
    """A new file was removed before the row that names it was stored."""


def hold(key: str) -> None:
    """Note that a file is about to be stored; whoever finds it held shares it.

    A removal that is under way is waited for: what is stored meanwhile would go with it.
    """
    end = time.monotonic() + _WAIT
    while not _held(key):
        if time.monotonic() >= end:
            raise StorageError(f"{key} is being removed")
        time.sleep(_PAUSE)


def settle(keys: Collection[str]) -> None:
    """Let go of files in the transaction of the row that names them, before it is changed.

    LostFileError if one of them went meanwhile.
    """
    if not keys:
        return
    free = (LooseFile.key.in_(keys), LooseFile.removing.is_(False))
    held = set(db.session.scalars(delete(LooseFile).where(*free).returning(LooseFile.key)))
    others = set(keys) - held
    # another run of the same work may have stored the same row already
    lost = {key for key in others if _is_going(key)} or others - named_of(others)
    if lost:
        raise LostFileError(min(lost))


def drop(keys: Collection[str | None], storage: Storage | None) -> None:
    """Erase files once the surrounding transaction is stored, in which no row names them more.

    Without a storage they go when the clock looks, many at once: whether others name them is asked
    of whole tables.

    No version of them is kept, or a later erasure could not find it. What a kill or a store that
    does not answer leaves goes when the clock looks.
    """
    wanted = sorted({key for key in keys if key is not None})
    for key in wanted:
        _mark(key)
    if storage is not None:
        after_commit(lambda: _remove_all(wanted, storage))


def drop_due(storage: Storage, now: datetime) -> None:
    """Remove what nobody holds any more and no row names."""
    with atomic():
        late = (LooseFile.held_until <= now, LooseFile.removing.is_(False))
        to_go = {"removing": True, "held_until": utcnow()}
        db.session.execute(update(LooseFile).where(*late).values(**to_go))
    query = select(LooseFile.key).where(LooseFile.removing, LooseFile.held_until <= utcnow())
    keys = list(db.session.scalars(query.order_by(LooseFile.held_until).limit(_ROWS)))
    _remove_all(keys, storage)


def any_due(now: datetime) -> bool:
    """Whether there is something to remove."""
    query = select(LooseFile.id).where(LooseFile.held_until <= now)
    return db.session.scalar(query.limit(1)) is not None


def named_keys() -> Iterator[str]:
    """Every key that some row names; of all columns that hold one, whatever their table."""
    for column in _key_columns():
        query = select(column).where(column.is_not(None))
        yield from db.session.scalars(query.execution_options(yield_per=_ROWS))
    db.session.rollback()


def named_of(keys: Collection[str]) -> set[str]:
    """Return those of these files that some row names."""
    found: set[str] = set()
    for column in _key_columns() if keys else ():
        found.update(db.session.scalars(select(column).where(column.in_(keys))))
    return found


def noted_of(keys: Collection[str]) -> set[str]:
    """Return those of these files that are held, or are being removed."""
    query = select(LooseFile.key).where(LooseFile.key.in_(keys))
    return set(db.session.scalars(query)) if keys else set()


def _held(key: str) -> bool:
    """Hold the file longer, or for the first time; False while it is being removed."""
    until = utcnow() + HELD
    again = update(LooseFile).where(LooseFile.key == key, LooseFile.removing.is_(False))
    with atomic():
        if _change(again.values(held_until=until)):
            return True
        return not _is_going(key) and _add(LooseFile(key=key, held_until=until))


def _mark(key: str) -> None:
    values = {"removing": True, "held_until": utcnow()}
    marked = update(LooseFile).where(LooseFile.key == key).values(**values)
    if not _change(marked) and not _add(LooseFile(key=key, **values)):
        _change(marked)


def _change(statement: Update) -> bool:
    return db.session.scalar(statement.returning(LooseFile.id)) is not None


def _add(row: LooseFile) -> bool:
    return add_first(row, "uq_loose_files_key")


def _remove_all(keys: Collection[str], storage: Storage) -> None:
    """Remove files that are marked; no row comes to name one from then on."""
    try:
        named = named_of(keys)
        db.session.rollback()  # files are not worked on inside a transaction
    except SQLAlchemyError as error:
        _log.warning("files stay", trouble=str(error))
        return
    for key in keys:
        try:
            _remove(key, storage, is_named=key in named)
        except (OSError, SQLAlchemyError) as error:  # it is tried again by the clock
            _log.warning("file stays", key=key, trouble=str(error))


def _remove(key: str, storage: Storage, *, is_named: bool) -> None:
    """Remove a file, unless a row names it after all or another thread is at it."""
    now = utcnow()
    going = (LooseFile.key == key, LooseFile.removing)
    with atomic():
        ours = update(LooseFile).where(*going, LooseFile.held_until <= now)
        if not _change(ours.values(held_until=now + _REMOVED_WITHIN)):
            return
    if not is_named:
        storage.erase(key)
    with atomic():
        db.session.execute(delete(LooseFile).where(*going))


def _is_going(key: str) -> bool:
    query = select(LooseFile.id).where(LooseFile.key == key, LooseFile.removing)
    return db.session.scalar(query) is not None


def _key_columns() -> list[Column[str]]:
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_key")
    ]
