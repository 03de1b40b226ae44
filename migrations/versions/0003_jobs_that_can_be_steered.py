"""Jobs with a priority, that can be cancelled; what is done by the clock; notifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    extend_jobs()
    make_schedules()
    make_notifications()


def downgrade() -> None:
    for table in ("notifications", "schedules"):
        op.drop_table(table)
    op.drop_index("ix_jobs_state_priority_run_at", "jobs")
    op.execute("UPDATE jobs SET state = 'failed' WHERE state = 'cancelled'")
    with op.batch_alter_table("jobs") as jobs:
        for name in ("priority", "claims"):
            jobs.drop_column(name)
    op.create_index("ix_jobs_state_run_at", "jobs", ["state", "run_at"])


def row() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def extend_jobs() -> None:
    op.drop_index("ix_jobs_state_run_at", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        # all there is so far are the markers of customers
        jobs.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        jobs.add_column(sa.Column("claims", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("jobs") as jobs:
        for name in ("priority", "claims"):
            jobs.alter_column(name, server_default=None)
    op.execute("UPDATE jobs SET claims = attempts")
    op.create_index("ix_jobs_state_priority_run_at", "jobs", ["state", "priority", "run_at"])


def make_schedules() -> None:
    op.create_table(
        "schedules",
        *row(),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("name"),
    )


def make_notifications() -> None:
    op.create_table(
        "notifications",
        *row(),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("parameters", json(), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_notifications_user_id_read_at", "notifications", ["user_id", "read_at"])


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
