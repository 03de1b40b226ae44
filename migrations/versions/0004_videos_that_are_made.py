"""Videos keep their source, and films are made from it; files that are sent piece by piece."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = (
    "source_key",
    "small_key",
    "findings",
    "reason",
    "start_s",
    "end_s",
    "muted",
    "loop",
    "fit",
    "transparency",
    "revision",
    "made_revision",
)


def upgrade() -> None:
    extend_videos()
    make_uploads()


def downgrade() -> None:
    op.drop_table("uploads")
    # what was never made has nothing to play, and no place in the older table
    op.execute("DELETE FROM videos WHERE file_key IS NULL")
    with op.batch_alter_table("videos") as videos:
        videos.alter_column("file_key", existing_type=sa.String(200), nullable=False)
        videos.alter_column("poster_key", existing_type=sa.String(200), nullable=False)
        for name in NEW:
            videos.drop_column(name)


def extend_videos() -> None:
    with op.batch_alter_table("videos") as videos:
        videos.alter_column("file_key", existing_type=sa.String(200), nullable=True)
        videos.alter_column("poster_key", existing_type=sa.String(200), nullable=True)
        videos.add_column(sa.Column("source_key", sa.String(200)))
        videos.add_column(sa.Column("small_key", sa.String(200)))
        videos.add_column(sa.Column("findings", json(), nullable=False, server_default="[]"))
        videos.add_column(sa.Column("reason", sa.String(40)))
        videos.add_column(sa.Column("start_s", sa.Double()))
        videos.add_column(sa.Column("end_s", sa.Double()))
        videos.add_column(filled("muted", sa.Boolean(), sa.false()))
        videos.add_column(filled("loop", sa.Boolean(), sa.true()))
        videos.add_column(filled("fit", sa.String(40), "cover"))
        videos.add_column(filled("transparency", sa.String(40), "none"))
        videos.add_column(filled("revision", sa.Integer(), "1"))
        videos.add_column(sa.Column("made_revision", sa.Integer()))
    # until now the film was the only file that was kept
    op.execute("UPDATE videos SET source_key = file_key, made_revision = 1")
    with op.batch_alter_table("videos") as videos:
        videos.alter_column("source_key", existing_type=sa.String(200), nullable=False)
        for name in ("findings", "muted", "loop", "fit", "transparency", "revision"):
            videos.alter_column(name, server_default=None)


def make_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_uploads_user_id", "uploads", ["user_id"])
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"])


def filled(name: str, kind: sa.types.TypeEngine, value: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=value)


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
