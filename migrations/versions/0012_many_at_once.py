"""Many at once: what was done to many, and files with many things in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        *row("batches"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("wanted", sa.String(40)),
        sa.Column("things", json(), nullable=False),
        sa.Column("done", json(), nullable=False),
        sa.Column("refused", json(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_batches_user_id_users")),
    )
    op.create_index(op.f("ix_batches_user_id"), "batches", ["user_id"])
    op.create_table(
        "imports",
        *row("imports"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("left_out", json(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_imports_user_id_users")),
    )
    op.create_index(op.f("ix_imports_user_id"), "imports", ["user_id"])
    op.create_table(
        "import_rows",
        *row("import_rows"),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("content", json(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("code", sa.String(40)),
        sa.Column("params", json(), nullable=False),
        sa.Column("subject", sa.String(80)),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports")
        ),
        sa.UniqueConstraint(
            "import_id", "position", name=op.f("uq_import_rows_import_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("imports")
    op.drop_table("batches")


def row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
