"""E-mails to clients, and what clients say before their portraits are printed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_approvals()
    make_letters()


def downgrade() -> None:
    for table in ("letters", "approvals"):
        op.drop_table(table)


def row() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def make_approvals() -> None:
    op.create_table(
        "approvals",
        *row(),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_approvals_order_id", "approvals", ["order_id"])


def make_letters() -> None:
    op.create_table(
        "letters",
        *row(),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("orders.id")),
        sa.Column("portrait_id", sa.Uuid(), sa.ForeignKey("portraits.id")),
        sa.Column("sender_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("trouble", sa.String(300)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_letters_order_id", "letters", ["order_id", "id"])
    op.create_index("ix_letters_portrait_id", "letters", ["portrait_id", "id"])
