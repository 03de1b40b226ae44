"""The first tables: people, portraits, videos, codes, jobs, and the record of changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
ACTIVE = sa.text("active AND deleted_at IS NULL")

TABLES = (
    "users",
    "clients",
    "orders",
    "portraits",
    "videos",
    "public_codes",
    "jobs",
    "audit_entries",
)


def upgrade() -> None:
    make_people()
    make_orders()
    make_portraits()
    make_videos()
    make_public_codes()
    make_jobs()
    make_audit_entries()
    forbid_changes_of_audit_entries()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def row() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def time(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def refers(name: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def unique(name: str, table: str, column: str, where: sa.TextClause = LIVE) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=where, postgresql_where=where)


def make_people() -> None:
    op.create_table(
        "users",
        *row(),
        text("username", 64),
        text("email", 254),
        text("password_hash", 255),
        text("full_name", 120),
        text("role", 40),
        flag("active"),
        time("locked_at"),
        number("failed_logins"),
        time("last_login_at"),
        text("locale", 8, nullable=True),
        time("deleted_at"),
    )
    unique("uq_users_username", "users", "username")
    unique("uq_users_email", "users", "email")
    op.create_table(
        "clients",
        *row(),
        text("name", 120),
        text("phone", 16),
        text("email", 254, nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        time("consent_at"),
        time("deleted_at"),
    )
    unique("uq_clients_phone", "clients", "phone")


def make_orders() -> None:
    op.create_table(
        "orders",
        *row(),
        text("number", 40),
        refers("client_id", "clients"),
        text("status", 40),
        sa.Column("notes", sa.Text(), nullable=False),
        time("deleted_at"),
    )
    index("orders", "client_id")
    unique("uq_orders_number", "orders", "number")


def make_portraits() -> None:
    op.create_table(
        "portraits",
        *row(),
        refers("client_id", "clients"),
        refers("order_id", "orders", nullable=True),
        text("title", 120),
        text("image_key", 200),
        text("preview_key", 200),
        text("marker_key", 200, nullable=True),
        text("marker_preview_key", 200, nullable=True),
        number("width"),
        number("height"),
        text("sha256", 64),
        text("status", 40),
        text("recognisable", 40),
        text("reason", 40, nullable=True),
        number("rating", nullable=True),
        number("marker_bytes", nullable=True),
        number("marker_ms", nullable=True),
        time("deleted_at"),
    )
    index("portraits", "client_id")
    index("portraits", "order_id")
    index("portraits", "sha256")


def make_videos() -> None:
    op.create_table(
        "videos",
        *row(),
        refers("portrait_id", "portraits"),
        text("file_key", 200),
        text("poster_key", 200),
        sa.Column("duration_s", sa.Double(), nullable=False),
        number("width"),
        number("height"),
        flag("has_sound"),
        sa.Column("facts", json(), nullable=False),
        text("status", 40),
        flag("active"),
        time("deleted_at"),
    )
    index("videos", "portrait_id")
    unique("uq_videos_active", "videos", "portrait_id", ACTIVE)


def make_public_codes() -> None:
    op.create_table(
        "public_codes",
        *row(),
        text("code", 10),
        refers("portrait_id", "portraits", nullable=True),
        refers("order_id", "orders", nullable=True),
        sa.UniqueConstraint("code"),
    )
    index("public_codes", "portrait_id")
    index("public_codes", "order_id")


def make_jobs() -> None:
    op.create_table(
        "jobs",
        *row(),
        text("kind", 40),
        text("subject", 80),
        sa.Column("arguments", json(), nullable=False),
        text("state", 40),
        number("attempts"),
        time("lease_until"),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        time("finished_at"),
    )
    index("jobs", "state", "run_at")
    index("jobs", "subject")


def make_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        *row(),
        text("actor", 80),
        text("action", 40),
        text("subject", 80),
        sa.Column("details", json(), nullable=False),
        text("ip", 45, nullable=True),
        text("request_id", 64, nullable=True),
    )
    index("audit_entries", "actor")
    index("audit_entries", "subject")


def forbid_changes_of_audit_entries() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{change.lower()} BEFORE {change} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"
        )
