"""Orders with what was agreed, who does it and until when; they are searched and edited."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ORDERS = sa.table("orders", *(sa.column(name) for name in ("id", "number", "notes", "search_text")))
INDEXES = {
    "ix_orders_status": ["status", "id"],
    "ix_orders_due_on": ["due_on", "id"],
    "ix_orders_assignee_id": ["assignee_id"],
}


def upgrade() -> None:
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("moved_at", sa.DateTime(timezone=True)))
        orders.add_column(filled("product", sa.String(120), ""))
        orders.add_column(sa.Column("price", sa.Integer()))
        orders.add_column(sa.Column("deposit", sa.Integer()))
        orders.add_column(filled("paid", sa.Integer(), "0"))
        orders.add_column(sa.Column("due_on", sa.Date()))
        orders.add_column(sa.Column("assignee_id", sa.Uuid()))
        orders.add_column(filled("version", sa.Integer(), "1"))
        orders.add_column(filled("search_text", sa.Text(), ""))
        orders.create_foreign_key("fk_orders_assignee_id_users", "users", ["assignee_id"], ["id"])
    with op.batch_alter_table("orders") as orders:
        for name in ("product", "paid", "version", "search_text"):
            orders.alter_column(name, server_default=None)
    for name, columns in INDEXES.items():
        op.create_index(name, "orders", columns)
    fill()
    make_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_orders_search")
    else:
        for change in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER order_search_{change}")
        op.execute("DROP TABLE order_search")
    for name in INDEXES:
        op.drop_index(name, "orders")
    with op.batch_alter_table("orders") as orders:
        orders.drop_constraint("fk_orders_assignee_id_users", type_="foreignkey")
        for name in (
            "moved_at", "product", "price", "deposit", "paid", "due_on", "assignee_id", "version",
            "search_text",
        ):  # fmt: skip
            orders.drop_column(name)


def filled(name: str, kind: sa.types.TypeEngine, value: str) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=value)


def fill() -> None:
    connection = op.get_bind()
    for order in connection.execute(sa.select(ORDERS)).all():
        parts = (fold(order.number), fold(order.notes))
        connection.execute(
            ORDERS.update()
            .where(ORDERS.c.id == order.id)
            .values(search_text="\n".join(part for part in parts if part))
        )


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def make_search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_orders_search ON orders USING gin (search_text gin_trgm_ops)")
        return
    op.execute("CREATE VIRTUAL TABLE order_search USING fts5 (order_id, text, tokenize='trigram')")
    op.execute("INSERT INTO order_search (order_id, text) SELECT id, search_text FROM orders")
    insert = "INSERT INTO order_search (order_id, text) VALUES (new.id, new.search_text);"
    delete = (
        "DELETE FROM order_search WHERE rowid IN (SELECT rowid FROM order_search "
        "WHERE order_search MATCH 'order_id:\"' || old.id || '\"');"
    )
    op.execute(f"CREATE TRIGGER order_search_insert AFTER INSERT ON orders BEGIN {insert} END")
    op.execute(
        "CREATE TRIGGER order_search_update AFTER UPDATE OF search_text ON orders "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {delete} {insert} END"
    )
    op.execute(f"CREATE TRIGGER order_search_delete AFTER DELETE ON orders BEGIN {delete} END")
