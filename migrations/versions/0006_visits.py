"""Visits: how far each page that a customer opened came."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("portrait_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("camera", sa.Boolean(), nullable=False),
        sa.Column("found_ms", sa.Integer()),
        sa.Column("watched_ms", sa.Integer(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("fallback", sa.String(24)),
        sa.Column("device", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("token", name=op.f("uq_visits_token")),
        sa.ForeignKeyConstraint(
            ["code_id"], ["public_codes.id"], name=op.f("fk_visits_code_id_public_codes")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portraits.id"], name=op.f("fk_visits_portrait_id_portraits")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_visits_order_id_orders")
        ),
    )
    op.create_index("ix_visits_portrait_id_created_at", "visits", ["portrait_id", "created_at"])
    op.create_index("ix_visits_order_id_created_at", "visits", ["order_id", "created_at"])
    op.create_index("ix_visits_created_at", "visits", ["created_at"])


def downgrade() -> None:
    op.drop_table("visits")
