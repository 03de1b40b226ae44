"""Consent with its day and who gave it; clients that were two and became one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CLIENTS = sa.table(
    "clients", *(sa.column(name) for name in ("consent_at", "consent_by", "consent_on"))
)


def upgrade() -> None:
    op.add_column("clients", sa.Column("consent_by", sa.String(40)))
    op.add_column("clients", sa.Column("consent_on", sa.Date()))
    op.add_column("clients", sa.Column("consent_name", sa.String(120)))
    given = CLIENTS.update().where(CLIENTS.c.consent_at.is_not(None))
    op.execute(given.values(consent_by="self", consent_on=utc_day()))
    op.drop_column("clients", "consent_at")
    op.create_table(
        "client_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("moved", facts(), nullable=False),
        sa.Column("before", facts(), nullable=False),
        sa.Column("kept_version", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_merges")),
        *(
            sa.ForeignKeyConstraint(
                [name], ["clients.id"], name=op.f(f"fk_client_merges_{name}_clients")
            )
            for name in ("kept_id", "gone_id")
        ),
    )
    for name in ("kept_id", "gone_id"):
        op.create_index(f"ix_client_merges_{name}", "client_merges", [name])


def downgrade() -> None:
    op.drop_table("client_merges")
    op.add_column("clients", sa.Column("consent_at", sa.DateTime(timezone=True)))
    given = CLIENTS.update().where(CLIENTS.c.consent_on.is_not(None))
    op.execute(given.values(consent_at=midnight()))
    for name in ("consent_name", "consent_on", "consent_by"):
        op.drop_column("clients", name)


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def utc_day() -> sa.ColumnElement:
    """The day of a time in UTC, whatever the zone of the session is."""
    at = CLIENTS.c.consent_at
    return sa.func.date(at if on_sqlite() else sa.func.timezone("UTC", at))


def midnight() -> sa.ColumnElement:
    """A day's beginning in UTC, as either database stores a time."""
    on = CLIENTS.c.consent_on
    if on_sqlite():
        return on.op("||")(sa.literal(" 00:00:00.000000"))
    return sa.func.timezone("UTC", sa.cast(on, sa.DateTime()))


def facts() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
