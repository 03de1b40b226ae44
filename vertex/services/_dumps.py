"""Copies of the whole database: one file each, of one moment, taken while the studio works.

SQLite by its online backup, https://sqlite.org/backup.html; PostgreSQL by its own pg_dump.
"""

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

SQLITE, POSTGRESQL = "sqlite", "postgresql"

_LONGEST_TROUBLE = 500
# what a newer version has added must not be in the way of what is brought back
_EMPTY = """
SET lock_timeout = '10s';
DO $$ DECLARE one text; BEGIN
  FOR one IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE 'DROP TABLE IF EXISTS ' || one || ' CASCADE'; END LOOP;
  FOR one IN SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS
      (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || one || ' CASCADE'; END LOOP;
END $$;
"""


class DumpError(Exception):
    """The database cannot be copied or brought back; the message is for the operator."""


def kind_of(url: URL) -> str:
    """Return which database this is: a copy goes back to its own kind only."""
    return url.get_backend_name()


def dump(url: URL, place: Path) -> None:
    """Write a copy of the database of this moment to a file that does not exist yet."""
    if kind_of(url) == SQLITE:
        _copy_sqlite(_file_of(url), place)
        return
    with _connection(url) as connection:
        _run("pg_dump", "--format=custom", f"--file={place}", connection)


def load(url: URL, place: Path) -> None:
    """Replace all that the database holds by a copy, or change nothing and raise DumpError."""
    if kind_of(url) == SQLITE:
        target = _file_of(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace_sqlite(place, target)
        return
    with _connection(url) as connection, tempfile.TemporaryDirectory() as folder:
        script, before = Path(folder, "all.sql"), Path(folder, "before.sql")
        before.write_text(_EMPTY)
        plain = ("--no-owner", "--no-privileges", "--no-comments")
        _run("pg_restore", *plain, f"--file={script}", str(place))
        once = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc", "--quiet")
        files = (f"--file={before}", f"--file={script}")
        _run("psql", *once, *files, connection)


def _copy_sqlite(source: Path, place: Path) -> None:
    # by its own connection: one of the pool may be in a transaction of long ago
    with _sqlite(f"file:{source}?mode=ro") as old, _sqlite(f"file:{place}") as new:
        old.backup(new)
        # in one file: the log beside it would be left behind
        new.execute("PRAGMA journal_mode=DELETE")
        found = new.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise DumpError(f"the database is damaged: {found}")


def _replace_sqlite(place: Path, target: Path) -> None:
    with _sqlite(f"file:{place}?mode=ro") as old, _sqlite(f"file:{target}") as new:
        new.execute("PRAGMA busy_timeout=10000")
        old.backup(new)


@contextmanager
def _sqlite(address: str) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=10.0)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise DumpError(f"SQLite: {error}") from error


def _file_of(url: URL) -> Path:
    if not url.database:
        raise DumpError("the database is not in a file")
    return Path(url.database).absolute()


@contextmanager
def _connection(url: URL) -> Iterator[str]:
    """How PostgreSQL's programs are told of a database; its password is in no list of processes."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    port = None if url.port is None else str(url.port)
    told = {"host": url.host, "port": port, "dbname": url.database, "user": url.username}
    with tempfile.NamedTemporaryFile("w", prefix="vertex-", suffix=".pgpass") as file:
        if url.password:
            file.write(f"*:*:*:*:{_escaped(str(url.password))}\n")
            file.flush()
            query["passfile"] = file.name
        given = {name: value for name, value in told.items() if value is not None}
        yield "--dbname=" + make_conninfo(**given, **query)


def _escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise DumpError(f"{program} is not here: install Debian's package postgresql-client")
    command = [found, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603 - a list, never a shell
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise DumpError(f"{program}: {said[-_LONGEST_TROUBLE:]}")
