"""SQLite's full-text index is kept in one piece: every search reads all the pieces it is in."""

from sqlalchemy import text

from vertex.extensions import db
from vertex.services._search_index import is_sqlite
from vertex.services._transaction import atomic

_FEW = 3  # pieces that are left as they are: SQLite merges more than four of a size by itself
_PAGES = 500  # that are merged in one transaction, so that nobody who writes waits for long
_TABLES = ("client_search", "order_search", "portrait_search")


def tidy(few: int = _FEW) -> None:
    """Merge an index of more pieces than these few into one; PostgreSQL needs none of this.

    Step by step as https://www.sqlite.org/fts5.html, 6.9, has it: a negative number first, which
    has all pieces merged into one, then positive ones until a step changes nothing.
    """
    if not is_sqlite():
        return
    for name in _TABLES:
        if _pieces(name) <= few:
            continue
        changed, pages = True, -_PAGES
        while changed:
            with atomic():
                before = _changes()
                step = text(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', :pages)")  # noqa: S608 - our names
                db.session.execute(step, {"pages": pages})
                changed, pages = _changes() - before > 1, _PAGES


def _pieces(name: str) -> int:
    query = text(f"SELECT count(DISTINCT segid) FROM {name}_idx")  # noqa: S608 - our names
    return int(db.session.execute(query).scalar_one())


def _changes() -> int:
    return int(db.session.execute(text("SELECT total_changes()")).scalar_one())
