"""Lists, searches and counts that take no longer in a large studio than in a small one."""

# ruff: noqa: S608 - every word of these statements is written here

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = "status <> 'delivered' AND status <> 'cancelled' AND deleted_at IS NULL"
LIVE, BINNED = "deleted_at IS NULL", "deleted_at IS NOT NULL"
NO = "recognisable = 'no' OR status = 'failed'"
PORTRAITS = {
    "unrecognisable": f"({NO})",
    "poor": "rating <= 2",
    "look": f"({NO} OR rating <= 2)",
    "processing": "status = 'processing'",
    "no_order": "order_id IS NULL",
}
INDEXES = (
    ("ix_orders_open", "orders", ["id"], OPEN),
    ("ix_orders_open_due_on", "orders", ["due_on", "id"], OPEN),
    ("ix_orders_open_assignee", "orders", ["assignee_id", "id"], OPEN),
    ("ix_orders_status_due_on", "orders", ["status", "due_on", "id"], LIVE),
    ("ix_orders_binned", "orders", ["id"], BINNED),
    ("ix_clients_binned", "clients", ["sort_name", "id"], BINNED),
    ("ix_portraits_live", "portraits", ["id"], LIVE),
    ("ix_portraits_binned", "portraits", ["id"], BINNED),
    *(
        (f"ix_portraits_{name}", "portraits", ["id"], f"{where} AND {LIVE}")
        for name, where in PORTRAITS.items()
    ),
    ("ix_jobs_state_id", "jobs", ["state", "id"], None),
    ("ix_notifications_user_id_id", "notifications", ["user_id", "id"], None),
)
CHANGES = ("insert", "update", "delete")


def upgrade() -> None:
    op.drop_index("ix_orders_assignee_id", "orders")
    op.create_index("ix_orders_assignee_id", "orders", ["assignee_id", "id"])
    for name, table, columns, where in INDEXES:
        only = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "visit_hours",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_visit_hours")),
    )
    count_visits()
    if op.get_bind().dialect.name == "postgresql":
        keep_counts_in_postgresql()
    else:
        keep_counts_in_sqlite()
        keep_names_beside_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER visit_hours_kept ON visits")
        op.execute("DROP FUNCTION keep_visit_hours()")
        op.execute("DROP FUNCTION add_to_visit_hour")
    else:
        for change in CHANGES:
            op.execute(f"DROP TRIGGER visit_hours_{change}")
        forget_names_beside_search()
    op.drop_table("visit_hours")
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_index("ix_orders_assignee_id", "orders")
    op.create_index("ix_orders_assignee_id", "orders", ["assignee_id"])


def hour_of(time: str) -> str:
    """The hour of a time, as it is stored."""
    if op.get_bind().dialect.name == "postgresql":
        return f"date_trunc('hour', {time}, 'UTC')"
    return f"substr({time}, 1, 13) || '\\:00\\:00.000000'"


def count_visits() -> None:
    op.execute(
        "INSERT INTO visit_hours (hour, opened, camera, found) "
        f"SELECT {hour_of('created_at')}, count(*), sum(CASE WHEN camera THEN 1 ELSE 0 END), "
        f"count(found_ms) FROM visits GROUP BY {hour_of('created_at')}"
    )


def keep_counts_in_sqlite() -> None:
    add, remove = change_of_hour("new", 1), change_of_hour("old", -1)
    op.execute(f"CREATE TRIGGER visit_hours_insert AFTER INSERT ON visits BEGIN {add} END")
    op.execute(
        "CREATE TRIGGER visit_hours_update AFTER UPDATE OF created_at, camera, found_ms ON visits "
        f"BEGIN {remove} {add} END"
    )
    op.execute(f"CREATE TRIGGER visit_hours_delete AFTER DELETE ON visits BEGIN {remove} END")


def change_of_hour(row: str, by: int) -> str:
    """SQLite's statement that counts a visit, or that counts it no more."""
    return (
        "INSERT INTO visit_hours (hour, opened, camera, found) VALUES "
        f"({hour_of(row + '.created_at')}, {by}, ({row}.camera <> 0) * {by}, "
        f"({row}.found_ms IS NOT NULL) * {by}) ON CONFLICT (hour) DO UPDATE SET "
        "opened = opened + excluded.opened, camera = camera + excluded.camera, "
        "found = found + excluded.found;"
    )


def keep_counts_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION add_to_visit_hour(at timestamptz, more int, camera bool, found bool) "
        "RETURNS void LANGUAGE sql AS $$ "
        "INSERT INTO visit_hours AS kept (hour, opened, camera, found) VALUES "
        f"({hour_of('$1')}, $2, $3::int * $2, $4::int * $2) ON CONFLICT (hour) DO UPDATE SET "
        "opened = kept.opened + excluded.opened, camera = kept.camera + excluded.camera, "
        "found = kept.found + excluded.found $$"
    )
    op.execute(
        "CREATE FUNCTION keep_visit_hours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP <> 'INSERT' THEN PERFORM "
        "add_to_visit_hour(old.created_at, -1, old.camera, old.found_ms IS NOT NULL); END IF; "
        "IF TG_OP <> 'DELETE' THEN PERFORM "
        "add_to_visit_hour(new.created_at, 1, new.camera, new.found_ms IS NOT NULL); END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER visit_hours_kept AFTER INSERT OR DELETE OR "
        "UPDATE OF created_at, camera, found_ms ON visits "
        "FOR EACH ROW EXECUTE FUNCTION keep_visit_hours()"
    )


def keep_names_beside_search() -> None:
    """A row of the search's by its number: the order of names without reading long rows."""
    op.execute(
        "CREATE TABLE client_search_places (place INTEGER PRIMARY KEY, client_id CHAR(32) NOT NULL,"
        " sort_name VARCHAR(240) NOT NULL, binned INTEGER NOT NULL)"
    )
    op.execute(
        "INSERT INTO client_search_places (place, client_id, sort_name, binned) "
        "SELECT found.rowid, clients.id, clients.sort_name, clients.deleted_at IS NOT NULL "
        "FROM client_search AS found JOIN clients ON clients.id = found.client_id"
    )
    op.execute("CREATE UNIQUE INDEX client_search_places_id ON client_search_places (client_id)")
    drop_search_triggers(CHANGES)
    place = "(SELECT place FROM client_search_places WHERE client_id = old.id)"
    op.execute(
        "CREATE TRIGGER client_search_insert AFTER INSERT ON clients BEGIN "
        "INSERT INTO client_search_places (client_id, sort_name, binned) "
        "VALUES (new.id, new.sort_name, new.deleted_at IS NOT NULL); "
        "INSERT INTO client_search (rowid, client_id, text) SELECT place, new.id, new.search_text "
        "FROM client_search_places WHERE client_id = new.id; END"
    )
    op.execute(
        "CREATE TRIGGER client_search_update AFTER UPDATE OF search_text ON clients "
        "WHEN old.search_text IS NOT new.search_text BEGIN "
        f"UPDATE client_search SET text = new.search_text WHERE rowid = {place}; END"
    )
    op.execute(
        "CREATE TRIGGER client_search_move AFTER UPDATE OF sort_name, deleted_at ON clients BEGIN "
        "UPDATE client_search_places SET sort_name = new.sort_name, "
        "binned = new.deleted_at IS NOT NULL WHERE client_id = new.id; END"
    )
    op.execute(
        "CREATE TRIGGER client_search_delete AFTER DELETE ON clients BEGIN "
        f"DELETE FROM client_search WHERE rowid = {place}; "
        "DELETE FROM client_search_places WHERE client_id = old.id; END"
    )


def forget_names_beside_search() -> None:
    drop_search_triggers((*CHANGES, "move"))
    op.execute("DROP TABLE client_search_places")
    insert = "INSERT INTO client_search (client_id, text) VALUES (new.id, new.search_text);"
    delete = (
        "DELETE FROM client_search WHERE rowid IN (SELECT rowid FROM client_search "
        "WHERE client_search MATCH 'client_id:\"' || old.id || '\"');"
    )
    op.execute(f"CREATE TRIGGER client_search_insert AFTER INSERT ON clients BEGIN {insert} END")
    op.execute(
        "CREATE TRIGGER client_search_update AFTER UPDATE OF search_text ON clients "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {delete} {insert} END"
    )
    op.execute(f"CREATE TRIGGER client_search_delete AFTER DELETE ON clients BEGIN {delete} END")


def drop_search_triggers(changes: tuple[str, ...]) -> None:
    for change in changes:
        op.execute(f"DROP TRIGGER client_search_{change}")
