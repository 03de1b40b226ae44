"""The beginning of each word can be looked for: a break stands before every line."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = {"clients": "client_search", "orders": "order_search", "portraits": "portrait_search"}


def upgrade() -> None:
    for table, index in TABLES.items():
        rewrite(table, index, lambda text: sa.literal("\n", literal_execute=True).concat(text))


def downgrade() -> None:
    for table, index in TABLES.items():
        rewrite(table, index, lambda text: sa.func.substr(text, 2))


def rewrite(table: str, index: str, text: Callable[[sa.ColumnElement], sa.ColumnElement]) -> None:
    """Change what rows are found by; in SQLite their copies by themselves.

    Its triggers would look every row up among the copies.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.execute(changed(table, "search_text", text))
        return
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t")
    triggers = op.get_bind().execute(query, {"t": table}).all()
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    op.execute(changed(table, "search_text", text))
    op.execute(changed(index, "text", text))
    for _, statement in triggers:
        op.get_bind().exec_driver_sql(statement)


def changed(
    table: str, column: str, text: Callable[[sa.ColumnElement], sa.ColumnElement]
) -> sa.Update:
    rows = sa.table(table, sa.column(column, sa.Text()))
    before = rows.columns[column]
    return sa.update(rows).where(before != "").values({column: text(before)})
