"""Runs migrations with the app's own engine, so that they meet the database as the app does."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, Enum
from sqlalchemy.types import TypeDecorator

SEARCH = (
    "client_search", "ix_clients_search", "order_search", "ix_orders_search", "portrait_search",
    "ix_portraits_search",
)  # fmt: skip

database = current_app.extensions["migrate"].db


def run() -> None:
    """Migrate in one transaction, on either database."""
    with database.engine.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            transactional_ddl=True,
            compare_type=True,
            render_item=render_plainly,
            include_object=is_described,
        )
        with context.begin_transaction():
            context.run_migrations()


def render_plainly(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Columns as the database sees them: a migration must outlive the classes of its day."""
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def is_described(
    _item: object, name: str | None, _kind: str, reflected: bool, _compare_to: object
) -> bool:
    """Whether the models describe it: full-text search is known to the migrations alone."""
    return not (reflected and name is not None and name.startswith(SEARCH))


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """On SQLite a batch change replaces the table, which its children must survive."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
        if orphans := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration left orphans: {orphans}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON").close()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: SQL without one is not offered.")
run()
