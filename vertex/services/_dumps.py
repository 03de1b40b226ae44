"""Copies of the whole database: one file each, of one moment, taken while the studio works.

SQLite by its online backup, https://sqlite.org/backup.html; PostgreSQL by its own pg_dump.
"""

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

SQLITE, POSTGRESQL = "sqlite", "postgresql"

_LONGEST_TROUBLE = 500
# nobody else may be at work; what a newer version has added must not be in the way of what is
# brought back; what belongs to an extension is the extension's
_EMPTY = """
SET lock_timeout = '10s';
SET client_min_messages = error;
DO $$ DECLARE one text; BEGIN
  IF EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND usename IS NOT NULL)
  THEN RAISE EXCEPTION 'others use the database: stop the server and its workers first'; END IF;
  FOR one IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT EXISTS
      (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
        AND objid = pg_class.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP TABLE IF EXISTS ' || one || ' CASCADE'; END LOOP;
  FOR one IN SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS
      (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
        AND objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || one || ' CASCADE'; END LOOP;
END $$;
"""
_UNLESS_THERE = b"""DO $$ BEGIN IF to_regnamespace('%s') IS NULL THEN
%sEND IF; END $$;
"""


class DumpError(Exception):
    """The database cannot be copied or brought back; the message is for the operator."""


def kind_of(url: URL) -> str:
    """Return which database this is: a copy goes back to its own kind only."""
    return url.get_backend_name()


def dump(url: URL, place: Path, *, schema: str) -> None:
    """Write a copy of the database of this moment to a file that does not exist yet.

    Of PostgreSQL's schemas this one is ours.
    """
    if kind_of(url) == SQLITE:
        _copy_sqlite(_file_of(url), place)
        return
    with _connection(url) as connection:
        # of other schemas, and of what only a superuser may bring back, nothing is ours
        ours = (f"--schema={schema}", "--extension=pg_trgm", "--no-publications")
        plain = ("--no-subscriptions", "--format=custom", f"--file={place}")
        _run("pg_dump", *ours, *plain, connection)


def load(url: URL, place: Path, *, forget: Sequence[str] = ()) -> None:
    """Replace all that the database holds by a copy, or change nothing and raise DumpError.

    Tables to `forget` are left empty. Nobody else may be using the database.
    """
    emptied = "".join(f"DELETE FROM {table};\n" for table in forget)  # noqa: S608 - names of ours
    if kind_of(url) == SQLITE:
        target = _file_of(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace_sqlite(place, target, emptied)
        return
    with _connection(url) as connection, tempfile.TemporaryDirectory() as folder:
        whole, script = Path(folder, "whole.sql"), Path(folder, "all.sql")
        before, after = Path(folder, "before.sql"), Path(folder, "after.sql")
        before.write_text(_EMPTY)
        after.write_text(f"RESET search_path;\n{emptied}")
        plain = ("--no-owner", "--no-privileges", "--no-comments")
        _run("pg_restore", *plain, f"--file={whole}", str(place))
        _make_acceptable(whole, script)
        once = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc", "--quiet")
        files = (f"--file={before}", f"--file={script}", f"--file={after}")
        _run("psql", *once, *files, connection)


def revision_of(place: Path) -> str | None:
    """Return the revision of the migrations that a copy of SQLite's says it is of."""
    with _sqlite(place, "ro") as copy:
        return str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _make_acceptable(whole: Path, script: Path) -> None:
    """Leave out what newer programs say to older servers, and schemas that are there."""
    inside = False  # rows, in which anything may stand
    with whole.open("rb") as source, script.open("wb") as target:
        for line in source:
            if inside:
                inside = line.rstrip(b"\n") != b"\\."
            elif line.startswith(b"SET transaction_timeout"):
                continue
            elif line.startswith(b"CREATE SCHEMA "):
                # even to be told that it exists one must be allowed to make it
                line = _UNLESS_THERE % (line[len("CREATE SCHEMA ") :].rstrip(b";\n"), line)
            else:
                inside = line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n")
            target.write(line)


def _copy_sqlite(source: Path, place: Path) -> None:
    # by its own connection: one of the pool may be in a transaction of long ago
    with _sqlite(source, "ro") as old, _sqlite(place, "rwc") as new:
        old.backup(new)
        # in one file: the log beside it would be left behind
        new.execute("PRAGMA journal_mode=DELETE")
        found = new.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise DumpError(f"the database is damaged: {found}")


def _replace_sqlite(place: Path, target: Path, emptied: str) -> None:
    with _sqlite(place, "ro") as old, _sqlite(target, "rwc") as new:
        try:
            # SQLite lets nobody leave the log of writing ahead while another has the file open
            new.execute("PRAGMA journal_mode=DELETE")
            new.execute("PRAGMA locking_mode=EXCLUSIVE")
            new.executescript("BEGIN EXCLUSIVE; COMMIT;")  # and nobody else comes in from now on
        except sqlite3.OperationalError:
            trouble = "others use the database: stop the server and its workers first"
            raise DumpError(trouble) from None
        old.backup(new)
        new.executescript(emptied)


@contextmanager
def _sqlite(place: Path, mode: str) -> Iterator[sqlite3.Connection]:
    address = f"{place.as_uri()}?mode={mode}"  # a name may have any letter
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
    # several hosts of which one answers are a list
    query = {n: v if isinstance(v, str) else ",".join(v) for n, v in url.query.items()}
    password = query.pop("password", None) or url.password
    port = None if url.port is None else str(url.port)
    told = {"host": url.host, "port": port, "dbname": url.database, "user": url.username}
    with tempfile.NamedTemporaryFile("w", prefix="vertex-", suffix=".pgpass") as file:
        if password:
            file.write(f"*:*:*:*:{_escaped(str(password))}\n")
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
