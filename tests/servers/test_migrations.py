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
from vertex.models.folding import name_of_part, searchable

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
    own = {"id": "1" * 32, "name": "A", "phone": "+1", "notes": ""}
    order = {"id": "2" * 32, "number": "Ä-17", "client_id": "1" * 32, "notes": "Größe A3"}
    engine = create_engine(database)
    with engine.begin() as connection:
        insert(connection, "clients", {**own, "sort_name": "a", "search_text": "a", "version": 1})
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
    assert tuple(row) == (searchable("a-17", "grosse a3"), 0, 1)
    assert row.search_text.startswith("\n  a-17\n  grosse  a3\n")
    assert found == row.search_text


def test_words_have_spaces_before_them_and_lose_them_on_the_way_back(
    database: str, tmp_path: Path
) -> None:
    instance = tmp_path / "instance"
    flask("db", "upgrade", "0017", database=database, instance=instance)
    engine = create_engine(database)
    with engine.begin() as connection:
        insert(connection, "clients", {**client(1), "search_text": "\nanna b\n1", "version": 1})

    found: list[tuple[str, set[str]]] = []
    for way in ("0018", "0017", "0019", "0018", "0019"):
        direction = "downgrade" if found and way < found[-1][0] else "upgrade"
        flask("db", direction, way, database=database, instance=instance)
        with engine.begin() as connection:
            texts = set(connection.scalars(text(TEXTS_OF_CLIENTS[engine.dialect.name])))
        found.append((way, texts))
        engine.dispose()

    words = {"0017": "\nanna b\n1", "0018": "\n anna b\n 1", "0019": "\n  anna  b\n  1"}
    assert found == [(way, {words[way]}) for way, _ in found]


def test_signs_are_named_and_videos_counted_there_and_back(database: str, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    flask("db", "upgrade", "0018", database=database, instance=instance)
    dash = name_of_part("-")
    lines = (["a★-b", "1"], ["b"], [dash], ["a-", dash], ["17b"])
    before = {n: "".join(f"\n {line}" for line in text) for n, text in enumerate(lines, 1)}
    engine = create_engine(database)
    with engine.begin() as connection:
        for n, found in before.items():
            insert(connection, "clients", {**client(n), "search_text": found, "version": 1})
        for n in (1, 2):
            insert(connection, "portraits", portrait(n))
        for n, gone in ((1, None), (2, None), (3, datetime(2026, 1, 2))):
            insert(connection, "videos", {**video(n), "deleted_at": gone})

    texts = "SELECT search_text FROM clients ORDER BY id"
    flask("db", "upgrade", "0019", database=database, instance=instance)
    with engine.begin() as connection:
        named = list(connection.scalars(text(texts)))
        counts = list(connection.scalars(text("SELECT video_count FROM portraits ORDER BY id")))
    engine.dispose()
    flask("db", "downgrade", "0018", database=database, instance=instance)
    with engine.begin() as connection:
        after = list(connection.scalars(text(texts)))
    engine.dispose()

    assert named == [searchable(*text) for text in lines]
    assert counts == [2, 0]
    assert after == list(before.values())


def client(n: int) -> dict[str, object]:
    """A client of that number, as 0017 and later store one."""
    row = {"id": f"{n}" * 32, "name": "Anna B", "phone": f"+{n}", "notes": ""}
    return {**row, "sort_name": "anna b", "version": 1}


def portrait(n: int) -> dict[str, object]:
    """A portrait of the first client, as 0018 and later store one."""
    texts = ("title", "image_key", "preview_key", "sha256", "search_text")
    choices = {"status": "ready", "recognisable": "yes", "playing": "chosen"}
    numbers = {"width": 600, "height": 800, "turn": 0, "version": 1}
    owner = {"id": f"{n}" * 32, "client_id": "1" * 32}
    return {**owner, **dict.fromkeys(texts, ""), **choices, **numbers}


def video(n: int) -> dict[str, object]:
    """A video of the first portrait, as 0018 and later store one."""
    facts = {"facts": "{}", "findings": "[]", "source_key": "", "duration_s": 1.0, "position": 0}
    choices = {"status": "ready", "fit": "cover", "transparency": "none"}
    flags = {"active": False, "muted": False, "loop": True, "has_sound": False}
    numbers = {"width": 600, "height": 800, "revision": 1}
    return {"id": f"{n}" * 32, "portrait_id": "1" * 32, **facts, **choices, **flags, **numbers}


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
