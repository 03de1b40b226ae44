"""Migrations on both databases: up, down, up again, and nothing left to migrate."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, create_engine, inspect, text

from tests.servers.postgres import Postgres
from vertex.models import Row

SEARCH = ("client_search", "order_search", "portrait_search")
ROOT = Path(__file__).parents[2]
PSYCOPG = "postgresql+psycopg:"
# each text by which a client is found, the row's own and SQLite's copy
TEXTS_OF_CLIENTS = {
    "sqlite": "SELECT search_text FROM clients UNION SELECT text FROM client_search",
    "postgresql": "SELECT search_text FROM clients",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(server.new_database()).replace("postgresql:", PSYCOPG)


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


def insert(connection: Connection, table: str, values: dict[str, object]) -> None:
    """Store a row as an older version of the program would have."""
    row = {**values, "created_at": datetime(2026, 1, 1), "updated_at": datetime(2026, 1, 1)}
    columns: list[sa.ColumnClause[object]] = [sa.column(name) for name in row]
    connection.execute(sa.insert(sa.table(table, *columns)).values(row))


def tables(database: str) -> set[str]:
    """What the database holds, apart from the number of its migration and full-text search."""
    engine = create_engine(database)
    try:
        names = set(inspect(engine).get_table_names())
        return {name for name in names if not name.startswith(SEARCH)} - {"alembic_version"}
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


def test_orders_from_before_are_found(database: str, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    flask("db", "upgrade", "0007", database=database, instance=instance)
    client = {"id": "1" * 32, "name": "A", "phone": "+1", "notes": ""}
    order = {"id": "2" * 32, "number": "Ä-17", "client_id": "1" * 32, "notes": "Größe A3"}
    engine = create_engine(database)
    with engine.begin() as connection:
        insert(
            connection, "clients", {**client, "sort_name": "a", "search_text": "a", "version": 1}
        )
        insert(connection, "orders", {**order, "status": "ready"})

    flask("db", "upgrade", database=database, instance=instance)

    with engine.begin() as connection:
        row = connection.execute(text("SELECT search_text, paid, version FROM orders")).one()
        found = (
            connection.scalar(text("SELECT text FROM order_search('grosse')"))
            if engine.dialect.name == "sqlite"
            else row.search_text
        )
    engine.dispose()
    assert tuple(row) == ("\n a-17\n grosse a3", 0, 1)
    assert found == row.search_text


def test_words_have_a_space_before_them_and_lose_it_on_the_way_back(
    database: str, tmp_path: Path
) -> None:
    instance = tmp_path / "instance"
    flask("db", "upgrade", "0017", database=database, instance=instance)
    client = {"id": "1" * 32, "name": "Anna B", "phone": "+1", "notes": "", "sort_name": "anna b"}
    engine = create_engine(database)
    with engine.begin() as connection:
        insert(connection, "clients", {**client, "search_text": "\nanna b\n1", "version": 1})

    found = []
    for way in (["upgrade", "0018"], ["downgrade", "0017"], ["upgrade"]):
        flask("db", *way, database=database, instance=instance)
        with engine.begin() as connection:
            found.append(set(connection.scalars(text(TEXTS_OF_CLIENTS[engine.dialect.name]))))
        engine.dispose()

    assert found == [{"\n anna b\n 1"}, {"\nanna b\n1"}, {"\n anna b\n 1"}]


def test_postgresql_has_names_in_the_order_of_codes_and_no_list_beside_its_index(
    postgres: Postgres, tmp_path: Path
) -> None:
    instance = tmp_path / "instance"
    postgres_url = postgres.url(postgres.new_database()).replace("postgresql:", PSYCOPG)
    collation = "SELECT collname FROM pg_attribute JOIN pg_collation c ON c.oid = attcollation"
    collation += " WHERE attrelid = 'clients'::regclass AND attname = 'sort_name'"
    options = "SELECT reloptions FROM pg_class WHERE relname LIKE 'ix_%_search'"
    engine = create_engine(postgres_url)

    found = []
    for way in (["upgrade"], ["downgrade", "0017"]):
        flask("db", *way, database=postgres_url, instance=instance)
        with engine.begin() as connection:
            found.append(
                (connection.scalar(text(collation)), list(connection.scalars(text(options))))
            )
        engine.dispose()

    assert found == [("C", [["fastupdate=off"]] * 3), ("default", [None] * 3)]


def test_a_day_of_consent_stays_itself_there_and_back(database: str, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    flask("db", "upgrade", "0015", database=database, instance=instance)
    client = {"id": "1" * 32, "name": "A", "phone": "+1", "notes": "", "sort_name": "a"}
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    engine = create_engine(database)
    if engine.dialect.name == "postgresql":  # whatever zone the server's sessions have
        with engine.begin() as connection:
            name = engine.url.database
            connection.execute(text(f"ALTER DATABASE {name} SET timezone TO 'Asia/Tokyo'"))
        engine.dispose()
    with engine.begin() as connection:
        values = {**client, "search_text": "a", "version": 1, "consent_at": late}
        insert(connection, "clients", values)

    found = []
    for way in (["upgrade", "0016"], ["downgrade", "0015"], ["upgrade"]):
        flask("db", *way, database=database, instance=instance)
        if way[0] == "upgrade":
            with engine.begin() as connection:
                query = text("SELECT consent_by, consent_on, consent_name FROM clients")
                found.append(tuple(map(str, connection.execute(query).one())))
    engine.dispose()

    assert found == [("self", "2026-03-01", "None")] * 2
