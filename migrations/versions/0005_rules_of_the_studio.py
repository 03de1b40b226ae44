"""Rules of portraits and orders, several videos of a portrait, small pictures and captions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
RULES = {
    "pin_hash": sa.String(200),
    "opens_at": TIME,
    "closes_at": TIME,
    "paused": sa.Boolean(),
    "downloads": sa.Boolean(),
    "card_photo": sa.Boolean(),
    "kept_offline": sa.Boolean(),
}
VIDEOS = {
    "plays_from": TIME,
    "plays_until": TIME,
    "captions_key": sa.String(200),
    "captions_language": sa.String(12),
}


def upgrade() -> None:
    for table in ("orders", "portraits"):
        with op.batch_alter_table(table) as changed:
            for name, kind in RULES.items():
                changed.add_column(sa.Column(name, kind))
    with op.batch_alter_table("portraits") as portraits:
        portraits.add_column(sa.Column("small_key", sa.String(200)))
        portraits.add_column(filled("playing", sa.String(40), "chosen"))
        portraits.add_column(filled("turn", sa.Integer(), "0"))
    with op.batch_alter_table("portraits") as portraits:
        portraits.alter_column("playing", server_default=None)
        portraits.alter_column("turn", server_default=None)
    with op.batch_alter_table("videos") as videos:
        for name, kind in VIDEOS.items():
            videos.add_column(sa.Column(name, kind))


def downgrade() -> None:
    with op.batch_alter_table("videos") as videos:
        for name in VIDEOS:
            videos.drop_column(name)
    with op.batch_alter_table("portraits") as portraits:
        for name in ("small_key", "playing", "turn"):
            portraits.drop_column(name)
    for table in ("orders", "portraits"):
        with op.batch_alter_table(table) as changed:
            for name in RULES:
                changed.drop_column(name)


def filled(name: str, kind: sa.types.TypeEngine, value: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=value)
