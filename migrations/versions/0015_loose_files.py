"""Loose files: stored ones that no row names yet, or that none names any more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loose_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loose_files")),
        sa.UniqueConstraint("key", name=op.f("uq_loose_files_key")),
    )
    op.create_index(op.f("ix_loose_files_held_until"), "loose_files", ["held_until"])


def downgrade() -> None:
    op.drop_table("loose_files")
