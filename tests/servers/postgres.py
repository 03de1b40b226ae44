"""A real PostgreSQL for the tests that ask for one: its own folder, a free loopback port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.servers.presence import lacking

_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_serial = count(1)


@dataclass(frozen=True)
class Postgres:
    """A running server; every database on it belongs to the tests."""

    port: int

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def new_database(self, template: str = "template0") -> str:
        """The name of a fresh database, a copy of the template."""
        name = f"test_{next(_serial)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl, which Debian keeps off the PATH."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return folders[-1].parent if folders else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that lives as long as the test session."""
    programs = find_programs()
    if programs is None:
        lacking("PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="vertex-postgres-"))
    account = _account(folder)
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        # not captured through a pipe: the server would inherit it and hold it open
        with (folder / "output").open("ab") as output:
            subprocess.run(
                [programs / program, *arguments],
                check=True,
                cwd=folder,
                stdout=output,
                stderr=output,
                **account,
            )

    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} {_FAST}"
    try:
        run(
            "initdb",
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        yield Postgres(port)
        run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> dict[str, Any]:
    """Who runs the server: it refuses root."""
    if os.geteuid() != 0:
        return {}
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        lacking("the account postgres")
    folder.chmod(0o755)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    (folder / "output").touch()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
