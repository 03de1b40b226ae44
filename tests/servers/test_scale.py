# ruff: noqa: RUF001 - the seeded clients are Russian
"""No list and no search of the staff reads a large table through, on either database.

Counted are rows and steps, never time: the answer is the same on a busy machine.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from tests.conftest import IsolatedClient, migrate
from tests.web.staff import Staff, make_staff
from vertex import create_app
from vertex.extensions import db
from vertex.models import Client, Order, Portrait, Role
from vertex.runtime import runtime
from vertex.services import seed
from vertex.services.portrait_lists import Only
from vertex.settings import Settings

ROWS = 20_000
COUNTED = 5_000  # rows of which a list says that there are so many or more
MOST_ROWS = COUNTED + 1_000  # read of one table by one query
MOST_STEPS = 150_000  # of SQLite's machine for one page; 20,000 rows of a table take 200,000

BIG = "orders|clients|portraits|visits|videos|public_codes|audit_entries"
# a letter that many, few and none begin a word with; digits; signs; both
SHORT = ("а", "щ", "ъ", "7", "42", "+", "-", "★", "%%", "★★★★", "q7", "ъ★", "анна ★")
_SCAN = re.compile(rf"SCAN ({BIG})(_\d+)?$")


class Asked:
    """What pages ask of the database, and how many steps SQLite takes for it."""

    def __init__(self, engine: Engine) -> None:
        self.statements: list[tuple[str, Any]] = []
        self.steps = 0
        self._engine = engine

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is asked meanwhile."""
        self.statements, self.steps = [], 0
        event.listen(self._engine, "before_cursor_execute", self._note)
        try:
            yield
        finally:
            event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            self.statements.append((statement, given))
        if self._engine.dialect.name == "sqlite":
            connection.connection.driver_connection.set_progress_handler(self._step, 1000)

    def _step(self) -> int:
        self.steps += 1000
        return 0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def studio(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Flask]:
    """An app with a seeded studio, whose tables hold ROWS each."""
    given: dict[str, Any] = {"instance": tmp_path_factory.mktemp("scale"), "testing": True}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        given["database_url"] = server.url(server.new_database())
    settings = Settings(**given, staff_limit="10000 per minute")
    migrate(settings)
    app = create_app(settings)
    app.test_client_class = IsolatedClient
    wish = seed.Wish(ROWS, ROWS, ROWS, ROWS, day=date(2026, 11, 27))
    with app.app_context():
        seed.fill(wish, storage=runtime().storage)
        _settle()
        yield app
        db.session.remove()
        db.engine.dispose()


def _settle() -> None:
    """Have PostgreSQL look at what it holds, as it does by itself within a minute."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


@pytest.fixture(scope="module")
def admin(studio: Flask) -> Staff:
    """Somebody who may see every page."""
    return make_staff(studio, "boss", Role.ADMIN)


@pytest.fixture(scope="module")
def pages(studio: Flask, admin: Staff) -> Mapping[str, str]:
    """The addresses of lists and searches, of their first pages and of later ones."""

    def far(*order: Any) -> Any:
        live = order[-1].class_.deleted_at.is_(None)
        query = select(order[-1]).where(live).order_by(*order)
        return db.session.scalars(query.limit(1).offset(ROWS // 2)).one()

    order = db.session.scalars(select(Order).where(Order.id == far(Order.id))).one()
    client, late = order.client, far(Order.id)
    found = {
        "home": "/",
        "orders": "/orders",
        "all orders": "/orders?all=1",
        "all orders, later": f"/orders?all=1&after={late}",
        "overdue": "/orders?due=overdue",
        "week": "/orders?due=week",
        "mine": f"/orders?who={order.assignee_id}",
        "delivered": "/orders?status=delivered",
        "owing": "/orders?owing=1",
        "bin": "/orders?bin=1",
        "board": "/orders/board",
        "order": f"/orders/{order.id}",
        "orders of a name": "/orders?q=анна",
        "orders of two names": f"/orders?q={client.name}",
        "orders of a phone": f"/orders?q={client.phone}",
        "order by number": f"/orders?q={order.number}",
        "orders by product": "/orders?q=портрет",
        "orders by nothing": "/orders?q=zzqqxx",
        "orders by two letters": "/orders?q=ан",
        "orders by two letters nobody has": "/orders?q=zq",
        "clients": "/clients",
        "clients, later": f"/clients?after={far(Client.sort_name, Client.id)}",
        "clients in the bin": "/clients?bin=1",
        "clients of a name": "/clients?q=анна",
        "clients late in the alphabet": "/clients?q=юлия",
        "clients of two letters": "/clients?q=ан",
        "clients of two letters nobody has": "/clients?q=zq",
        "clients of a phone": "/clients?q=%2B7 916",
        "client": f"/clients/{client.id}",
        "portraits": "/portraits",
        "portraits, later": f"/portraits?after={far(Portrait.id)}",
        "portraits in the bin": "/portraits?bin=1",
        "portraits by a name": "/portraits?q=анна",
        "portraits by two letters": "/portraits?q=ан",
        "portraits by two letters nobody has": "/portraits?q=zq",
        **{f"portraits, only {only}": f"/portraits?only={only}" for only in Only},
        **{
            f"{kind} by {typed}": f"/{kind}?" + urlencode({"q": typed})
            for kind in ("orders", "clients", "portraits")
            for typed in SHORT
        },
        "portrait": f"/portraits/{far(Portrait.id)}",
        "jobs": "/jobs",
        "failed jobs": "/jobs?state=failed",
        "notifications": "/notifications",
    }
    db.session.rollback()
    return found


def test_no_page_reads_a_large_table_through(
    studio: Flask, admin: Staff, pages: Mapping[str, str]
) -> None:
    asked = Asked(db.engine)
    troubles = []
    for name, path in pages.items():
        with asked.noted():
            reply = admin.get(path)
        assert reply.status_code == 200, path
        judge = _sqlite if db.engine.dialect.name == "sqlite" else _postgresql
        troubles += [f"{name} ({path}): {trouble}" for trouble in judge(asked)]

    assert not troubles, "\n".join(troubles)


def _sqlite(asked: Asked) -> list[str]:
    troubles = []
    if asked.steps > MOST_STEPS:
        troubles.append(f"{asked.steps} steps")
    with db.engine.connect() as connection:
        for statement, given in asked.statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
            troubles += [f"{row[3]}: {statement}" for row in plan if _SCAN.match(row[3])]
    return troubles


def _postgresql(asked: Asked) -> list[str]:
    troubles = []
    with db.engine.connect() as connection:
        for statement, given in asked.statements:
            explained = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given
            )
            for node in _nodes(explained.scalar_one()[0]["Plan"]):
                if _rows(node) > MOST_ROWS:
                    kind, table = node["Node Type"], node.get("Relation Name", "")
                    troubles.append(f"{kind} {table} read {_rows(node):.0f} rows: {statement}")
    return troubles


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> float:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])
