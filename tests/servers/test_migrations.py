"""Migrations on both databases: up, down, up again, and nothing left to migrate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from tests.servers.postgres import Postgres
from vertex.models import Row

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(server.new_database()).replace("postgresql:", "postgresql+psycopg:")


def flask(*arguments: str, database: str, instance: Path) -> None:
    """Run a command as ops do, and fail with its words if it fails."""
    environment = {
        **os.environ,
        "VERTEX_INSTANCE": str(instance),
        "VERTEX_DATABASE_URL": database,
    }
    command = [sys.executable, "-W", "error", "-m", "flask", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def tables(database: str) -> set[str]:
    """What the database holds, apart from the number of its migration and full-text search."""
    engine = create_engine(database)
    try:
        names = set(inspect(engine).get_table_names())
        return {name for name in names if not name.startswith("client_search")} - {
            "alembic_version"
        }
    finally:
        engine.dispose()


def test_up_down_up_and_nothing_left_to_migrate(database: str, tmp_path: Path) -> None:
    ours = set(Row.metadata.tables)

    for arguments, expected in (
        (["upgrade"], ours),
        (["downgrade", "base"], set()),
        (["upgrade"], ours),
    ):
        flask("db", *arguments, database=database, instance=tmp_path / "instance")
        assert tables(database) == expected

    flask("db", "check", database=database, instance=tmp_path / "instance")
