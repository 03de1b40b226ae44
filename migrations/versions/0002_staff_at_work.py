"""Sessions, locks of sign-in, forms sent once; clients that are searched and edited."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CLIENTS = sa.table(
    "clients",
    *(sa.column(name) for name in ("id", "name", "phone", "email", "notes")),
    *(sa.column(name) for name in ("sort_name", "search_text")),
)


def upgrade() -> None:
    make_sessions()
    make_sign_in_locks()
    make_submissions()
    extend_clients()
    fill_clients()
    make_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_clients_search")
    else:
        for change in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER client_search_{change}")
        op.execute("DROP TABLE client_search")
    op.drop_index("ix_clients_sort_name", "clients")
    with op.batch_alter_table("clients") as clients:
        for name in ("search_text", "sort_name", "version"):
            clients.drop_column(name)
    for table in ("submissions", "sign_in_locks", "sessions"):
        op.drop_table(table)


def row() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def make_sessions() -> None:
    op.create_table(
        "sessions",
        *row(),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(45), nullable=True),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def make_sign_in_locks() -> None:
    op.create_table(
        "sign_in_locks",
        *row(),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "uq_sign_in_locks_username", "sign_in_locks", ["username", "origin"], unique=True
    )


def make_submissions() -> None:
    op.create_table(
        "submissions",
        *row(),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("result", sa.String(80), nullable=False),
        sa.UniqueConstraint("token"),
    )


def extend_clients() -> None:
    with op.batch_alter_table("clients") as clients:
        clients.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        clients.add_column(
            sa.Column("sort_name", sa.String(240), nullable=False, server_default="")
        )
        clients.add_column(sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("clients") as clients:
        for name in ("version", "sort_name", "search_text"):
            clients.alter_column(name, server_default=None)
    op.create_index("ix_clients_sort_name", "clients", ["sort_name", "id"])


def fill_clients() -> None:
    connection = op.get_bind()
    for client in connection.execute(sa.select(CLIENTS)).all():
        name = fold(client.name)
        phone = re.sub(r"\D+", "", client.phone)
        parts = (name, phone, fold(client.email or ""), fold(client.notes))
        connection.execute(
            CLIENTS.update()
            .where(CLIENTS.c.id == client.id)
            .values(sort_name=name[:240], search_text="\n".join(part for part in parts if part))
        )


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def make_search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_clients_search ON clients USING gin (search_text gin_trgm_ops)")
        return
    # The id is indexed too: a row must be found again without reading the whole table.
    op.execute(
        "CREATE VIRTUAL TABLE client_search USING fts5 (client_id, text, tokenize='trigram')"
    )
    op.execute("INSERT INTO client_search (client_id, text) SELECT id, search_text FROM clients")
    insert = "INSERT INTO client_search (client_id, text) VALUES (new.id, new.search_text);"
    delete = (
        "DELETE FROM client_search WHERE rowid IN (SELECT rowid FROM client_search "
        "WHERE client_search MATCH 'client_id:\"' || old.id || '\"');"
    )
    op.execute(f"CREATE TRIGGER client_search_insert AFTER INSERT ON clients BEGIN {insert} END")
    op.execute(
        "CREATE TRIGGER client_search_update AFTER UPDATE OF search_text ON clients "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {delete} {insert} END"
    )
    op.execute(f"CREATE TRIGGER client_search_delete AFTER DELETE ON clients BEGIN {delete} END")
