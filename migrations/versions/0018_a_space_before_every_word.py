"""A space stands before every word, so that beginnings are looked for in one way instead of two.

What is new goes into PostgreSQL's full-text indexes at once. Else it lies in a list beside them,
for months in a studio of this size, and every search reads all of that list. Names are in the order
of their letters' codes, as in SQLite, so that those which begin with a word lie together.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BREAK = sa.literal("\n", literal_execute=True)
BREAK_AND_SPACE = sa.literal("\n ", literal_execute=True)

_found = spec_from_file_location("before", Path(__file__).with_name("0017_beginnings_of_words.py"))
before = module_from_spec(_found)
_found.loader.exec_module(before)


def upgrade() -> None:
    collate('COLLATE "C"')
    for table, index in before.TABLES.items():
        before.rewrite(table, index, lambda text: sa.func.replace(text, BREAK, BREAK_AND_SPACE))
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608 - names of ours
        else:
            op.execute(f"ALTER INDEX ix_{table}_search SET (fastupdate = off)")
            op.execute(f"SELECT gin_clean_pending_list('ix_{table}_search')")


def downgrade() -> None:
    collate("")
    for table, index in before.TABLES.items():
        before.rewrite(table, index, lambda text: sa.func.replace(text, BREAK_AND_SPACE, BREAK))
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"ALTER INDEX ix_{table}_search RESET (fastupdate)")


def collate(how: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE clients ALTER COLUMN sort_name TYPE VARCHAR(240) {how}")
