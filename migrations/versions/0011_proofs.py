"""Proofs and look-alikes; portraits are searched and edited, videos have an order."""

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PORTRAITS = sa.table("portraits", *(sa.column(name) for name in ("id", "title", "search_text")))


def upgrade() -> None:
    make_proofs()
    # no batch: it would make the tables anew, and lose what only the database knows of them
    op.add_column("videos", filled("position", sa.Integer(), "0"))
    op.add_column("portraits", filled("version", sa.Integer(), "1"))
    op.add_column("portraits", filled("search_text", sa.Text(), ""))
    fill()
    make_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_portraits_search")
    else:
        for change in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER portrait_search_{change}")
        op.execute("DROP TABLE portrait_search")
    for table, column in (
        ("portraits", "search_text"), ("portraits", "version"), ("videos", "position"),
    ):  # fmt: skip
        op.drop_column(table, column)
    op.drop_table("look_alikes")
    op.drop_table("proofs")


def make_proofs() -> None:
    op.create_table(
        "proofs",
        *row(),
        sa.Column("portrait_id", sa.Uuid(), nullable=False),
        sa.Column("proved", sa.String(200), nullable=False),
        sa.Column("recognised", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("smallest_size", sa.Double()),
        sa.Column("largest_angle", sa.Double()),
        sa.Column("advice", json(), nullable=False),
        sa.Column("picture_key", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portraits.id"], name=op.f("fk_proofs_portrait_id_portraits")
        ),
        sa.UniqueConstraint("portrait_id", name=op.f("uq_proofs_portrait_id")),
    )
    op.create_table(
        "look_alikes",
        *row(),
        sa.Column("portrait_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("confused", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_alikes")),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portraits.id"], name=op.f("fk_look_alikes_portrait_id_portraits")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["portraits.id"], name=op.f("fk_look_alikes_other_id_portraits")
        ),
    )
    op.create_index("uq_look_alikes_pair", "look_alikes", ["portrait_id", "other_id"], unique=True)
    op.create_index("ix_look_alikes_other_id", "look_alikes", ["other_id"])


def row() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def filled(name: str, kind: sa.types.TypeEngine, value: str) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=value)


def fill() -> None:
    connection = op.get_bind()
    for portrait in connection.execute(sa.select(PORTRAITS.c.id, PORTRAITS.c.title)).all():
        connection.execute(
            PORTRAITS.update()
            .where(PORTRAITS.c.id == portrait.id)
            .values(search_text=fold(portrait.title))
        )


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def make_search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_portraits_search ON portraits USING gin (search_text gin_trgm_ops)"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE portrait_search USING fts5 (portrait_id, text, tokenize='trigram')"
    )
    op.execute(
        "INSERT INTO portrait_search (portrait_id, text) SELECT id, search_text FROM portraits"
    )
    insert = "INSERT INTO portrait_search (portrait_id, text) VALUES (new.id, new.search_text);"
    delete = (
        "DELETE FROM portrait_search WHERE rowid IN (SELECT rowid FROM portrait_search "
        "WHERE portrait_search MATCH 'portrait_id:\"' || old.id || '\"');"
    )
    op.execute(
        f"CREATE TRIGGER portrait_search_insert AFTER INSERT ON portraits BEGIN {insert} END"
    )
    op.execute(
        "CREATE TRIGGER portrait_search_update AFTER UPDATE OF search_text ON portraits "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {delete} {insert} END"
    )
    op.execute(
        f"CREATE TRIGGER portrait_search_delete AFTER DELETE ON portraits BEGIN {delete} END"
    )
