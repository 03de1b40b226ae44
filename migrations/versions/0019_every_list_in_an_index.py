"""What was looked for row by row is in an index: a letter, a sign, portraits without a video.

Two spaces stand before every word: with its first letter they are three characters, the least that
a full-text index knows. Signs, and two characters that are not letters or digits alone, are named
in a line of their own. Each portrait counts its videos, but for those in the bin; triggers keep the
number. What belongs to a client or an order is found by the index of these alone.
"""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unicodedata import category

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

AT_ONCE = 2000  # rows
LETTERS = {ord(digit): 0x1681 + n for n, digit in enumerate("0123456789abcdef")}  # of Ogham
END, BETWEEN = chr(0x1691), chr(0x1692)
NO_VIDEO = sa.text("video_count = 0 AND deleted_at IS NULL")
CHANGES = ("insert", "update", "delete")
OWNERS = (("orders", "client_id"), ("portraits", "client_id"), ("portraits", "order_id"))

_found = spec_from_file_location("before", Path(__file__).with_name("0017_beginnings_of_words.py"))
before = module_from_spec(_found)
_found.loader.exec_module(before)


def upgrade() -> None:
    rewrite(with_names)
    index_owners("id")
    op.add_column(
        "portraits", sa.Column("video_count", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        "UPDATE portraits SET video_count = found.number FROM (SELECT portrait_id, count(*) AS "
        "number FROM videos WHERE deleted_at IS NULL GROUP BY portrait_id) AS found "
        "WHERE found.portrait_id = portraits.id"
    )
    op.create_index(
        "ix_portraits_no_video",
        "portraits",
        ["id"],
        sqlite_where=NO_VIDEO,
        postgresql_where=NO_VIDEO,
    )
    if on_sqlite():
        count_in_sqlite()
    else:
        count_in_postgresql()


def downgrade() -> None:
    if on_sqlite():
        for change in CHANGES:
            op.execute(f"DROP TRIGGER video_count_{change}")
    else:
        op.execute("DROP TRIGGER video_count_kept ON videos")
        op.execute("DROP FUNCTION keep_video_count()")
    op.drop_index("ix_portraits_no_video", "portraits")
    op.drop_column("portraits", "video_count")
    index_owners()
    rewrite(without_names)


def index_owners(*more: str) -> None:
    """What belongs to somebody is found by index alone, without reading its rows, if it has ids."""
    for table, owner in OWNERS:
        op.drop_index(f"ix_{table}_{owner}", table)
        op.create_index(f"ix_{table}_{owner}", table, [owner, *more])


def with_names(text: str) -> str:
    return (text + line_of_names(text)).replace(" ", "  ")


def without_names(text: str) -> str:
    lines = text.replace("  ", " ").split("\n")
    own = "\n".join(lines[:-1])
    return own if own + line_of_names(own) == "\n".join(lines) else "\n".join(lines)


def line_of_names(text: str) -> str:
    found = {
        word[n : n + size] for word in text.split() for size in (1, 2) for n in range(len(word))
    }
    named = [
        f" {END}{BETWEEN.join(map(letters, part))}{END}" for part in sorted(found) if mixed(part)
    ]
    return "".join(("\n", *named)) if named else ""


def letters(char: str) -> str:
    return f"{ord(char):x}".translate(LETTERS)


def mixed(part: str) -> bool:
    return {category(char)[0].replace("M", "L") for char in part} not in ({"L"}, {"N"})


def rewrite(text: Callable[[str], str]) -> None:
    if on_sqlite():
        op.get_bind().connection.create_function("rewritten", 1, text, deterministic=True)
    for table, index in before.TABLES.items():
        if on_sqlite():
            before.rewrite(table, index, sa.func.rewritten)
            op.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608 - names of ours
        else:
            rewrite_in_postgresql(table, text)


def rewrite_in_postgresql(name: str, text: Callable[[str], str]) -> None:
    """Change what rows are found by, some at a time."""
    table = sa.table(name, sa.column("id", sa.Uuid()), sa.column("search_text", sa.Text()))
    some = sa.select(table).order_by(table.c.id).limit(AT_ONCE)
    changed = table.update().where(table.c.id == sa.bindparam("which"))
    changed = changed.values(search_text=sa.bindparam("text"))
    rows = op.get_bind().execute(some).all()
    while rows:
        new = [{"which": row.id, "text": text(row.search_text)} for row in rows]
        op.get_bind().execute(changed, new)
        rows = op.get_bind().execute(some.where(table.c.id > rows[-1].id)).all()


def count_in_sqlite() -> None:
    more, less = change_of_count("new", 1), change_of_count("old", -1)
    op.execute(f"CREATE TRIGGER video_count_insert AFTER INSERT ON videos BEGIN {more} END")
    op.execute(
        "CREATE TRIGGER video_count_update AFTER UPDATE OF portrait_id, deleted_at ON videos "
        f"BEGIN {less} {more} END"
    )
    op.execute(f"CREATE TRIGGER video_count_delete AFTER DELETE ON videos BEGIN {less} END")


def change_of_count(row: str, by: int) -> str:
    """The statement that counts a video for its portrait, or that counts it no more."""
    return (
        f"UPDATE portraits SET video_count = video_count + {by} "  # noqa: S608 - names of ours
        f"WHERE id = {row}.portrait_id AND {row}.deleted_at IS NULL;"
    )


def count_in_postgresql() -> None:
    more, less = change_of_count("new", 1), change_of_count("old", -1)
    op.execute(
        "CREATE FUNCTION keep_video_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {less} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {more} END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER video_count_kept AFTER INSERT OR DELETE OR "
        "UPDATE OF portrait_id, deleted_at ON videos "
        "FOR EACH ROW EXECUTE FUNCTION keep_video_count()"
    )


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
