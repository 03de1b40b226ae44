"""Flat films: of a transparent one, the picture alone, for players that know of no transparency."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("videos", sa.Column("flat_key", sa.String(200)))


def downgrade() -> None:
    with op.batch_alter_table("videos") as videos:
        videos.drop_column("flat_key")
