"""Seeded studios, kept between runs in a folder of their own: SQLite files and a PostgreSQL."""

import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.postgres import find_programs
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

SIZES = (1_000, 10_000, 100_000)
WHO = "seed-olga"

_SETTINGS = {"VERTEX_STAFF_LIMIT": "1000000 per minute"}
_TUNED = "-c shared_buffers=512MB -c max_wal_size=4GB -c synchronous_commit=off"


def folder() -> Path:
    """Where they are kept: VERTEX_BENCH_CACHE, or the cache of whoever measures."""
    given = os.environ.get("VERTEX_BENCH_CACHE")
    # PostgreSQL does not run as root, and nobody else comes into root's home
    cache = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    place = Path(given) if given else cache / "vertex" / "pages"
    place.mkdir(parents=True, exist_ok=True)
    return place


def on_sqlite(size: int) -> Installation:
    """Return the studio of so many clients in a file, made if it is not there yet."""
    return _ready(folder() / f"sqlite-{size}", {}, size)


def on_postgresql(size: int, port: int) -> Installation:
    """Return the studio of so many clients in a database of this server, made likewise."""
    name = f"studio_{size}"
    url = f"postgresql://postgres@127.0.0.1:{port}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}")
    return _ready(folder() / f"postgresql-{size}", {"VERTEX_DATABASE_URL": f"{url}/{name}"}, size)


@contextmanager
def postgresql() -> Iterator[int]:
    """Run a PostgreSQL server over the kept folder; gives its port."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("There is no PostgreSQL here: use --sqlite-only.")
    place = folder() / "postgresql"
    account = _account(place)
    port = _free_port()

    def run(*command: str) -> None:
        with (folder() / "postgresql.log").open("ab") as log:
            called = [str(programs / command[0]), *command[1:]]
            subprocess.run(called, check=True, cwd="/", stdout=log, stderr=log, **account)

    data = str(place / "data")
    if not (place / "data" / "PG_VERSION").exists():
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {place} {_TUNED}"
    run("pg_ctl", "-D", data, "-w", "-l", str(place / "server.log"), "-o", options, "start")
    try:
        yield port
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "stop")


def _ready(instance: Path, settings: dict[str, str], size: int) -> Installation:
    instance.mkdir(exist_ok=True)
    studio = Installation(instance, settings={**_SETTINGS, **settings})
    studio.flask("db", "upgrade")
    done = instance / "seeded"
    if not done.exists():
        day = datetime.now(UTC).date().isoformat()
        studio.flask("seed", "--clients", str(size), "--day", day)
        done.write_text(day)
    studio.flask("users", "password", "--username", WHO, "--password-stdin", typed=PASSWORD)
    return studio


def _account(place: Path) -> dict[str, Any]:
    """Who runs the server: it refuses root."""
    place.mkdir(exist_ok=True)
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(place, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
