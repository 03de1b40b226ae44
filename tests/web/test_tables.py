"""Clients and orders as CSV: what a spreadsheet reads, and never computes."""

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_client, make_order
from tests.web.staff import Staff
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, OrderStatus
from vertex.services import clients, orders, tables
from vertex.services.audit import CLI
from vertex.web.orders import today

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']


def rows(staff: Staff, url: str) -> list[dict[str, str]]:
    reply = staff.get(url)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = reply.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_clients_in_order_with_all_that_is_known(olga: Staff) -> None:
    make_client(name="Борис", phone="+79161234568")
    make_client(name='Anna, "the first"', phone="+79161234567", email="a@b.com", notes="one\ntwo")

    found = rows(olga, "/clients/table.csv")

    assert [row["name"] for row in found] == ['Anna, "the first"', "Борис"]
    assert found[0]["notes"] == "one\ntwo"
    assert found[0]["email"] == "a@b.com"
    assert found[0]["phone"] == "'+79161234567"
    assert set(found[0]) == set(tables.CLIENT_COLUMNS)


def test_orders_with_money_and_days(olga: Staff) -> None:
    make_order(
        number="2026-0042",
        product="A3",
        price=150_050,
        deposit=500,
        due_on=date(2026, 12, 24),
        assignee_id=olga.user.id,
        client_id=make_client(name="Anna", phone="+79161234567").id,
    )

    [row] = rows(olga, "/orders/table.csv")

    assert (row["price"], row["deposit"], row["paid"]) == ("1500.50", "5.00", "0.00")
    assert (row["due_on"], row["status"], row["assignee"]) == ("2026-12-24", "new", "olga")
    assert (row["number"], row["client"], row["phone"]) == ("2026-0042", "Anna", "'+79161234567")
    assert set(row) == set(tables.ORDER_COLUMNS)


def test_a_price_that_is_not_known_is_empty_and_not_nothing(olga: Staff) -> None:
    make_order(price=None, deposit=None)

    [row] = rows(olga, "/orders/table.csv")

    assert (row["price"], row["deposit"], row["due_on"], row["assignee"]) == ("", "", "", "")


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_is_computed(olga: Staff, text: str) -> None:
    client_id = make_client(name=text, notes=text).id
    make_order(number=text, product=text, notes=text, client_id=client_id)

    [order], [client] = rows(olga, "/orders/table.csv"), rows(olga, "/clients/table.csv")

    for value in (*order.values(), *client.values()):
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert order["notes"] == client["name"] == f"'{text}"


def test_the_filters_of_the_list_hold(olga: Staff) -> None:
    overdue = today() - timedelta(days=2)
    make_order(number="late", due_on=overdue)
    make_order(number="later")
    make_order(number="done", status=OrderStatus.DELIVERED)
    binned = make_order(number="binned")
    orders.move_to_bin(binned.id, actor=CLI)

    def numbers(query: str) -> set[str]:
        return {row["number"] for row in rows(olga, f"/orders/table.csv{query}")}

    assert numbers("") == {"late", "later"}
    assert numbers("?due=overdue") == {"late"}
    assert numbers("?status=delivered") == {"done"}
    assert numbers("?all=1") == {"late", "later", "done"}
    assert numbers("?bin=1") == {"binned"}
    assert numbers("?q=late") == {"late", "later"}


def test_the_bin_of_clients_and_a_search(olga: Staff) -> None:
    gone = make_client(name="Gone")
    make_client(name="Here")
    clients.move_to_bin(gone.id, actor=CLI)

    assert [row["name"] for row in rows(olga, "/clients/table.csv")] == ["Here"]
    assert [row["name"] for row in rows(olga, "/clients/table.csv?bin=1")] == ["Gone"]
    assert rows(olga, "/clients/table.csv?q=nobody") == []


def test_all_of_them_each_once_however_many(olga: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_ROWS", 3)
    for n in range(10):
        make_order(number=f"n{n}", due_on=today() - timedelta(days=1 + n % 2))

    for query in ("", "?due=overdue"):
        numbers = [row["number"] for row in rows(olga, f"/orders/table.csv{query}")]
        assert sorted(numbers) == [f"n{n}" for n in range(10)]
    assert len(rows(olga, "/clients/table.csv")) == 10


def test_who_took_it_is_recorded(olga: Staff) -> None:
    make_client()

    rows(olga, "/clients/table.csv?q=a")

    db.session.rollback()
    query = select(AuditEntry).where(AuditEntry.action == AuditAction.EXPORTED)
    entry = db.session.scalars(query).one()
    assert (entry.actor, entry.subject) == (f"user:{olga.user.id}", "clients")
    assert entry.details == {"typed": "a", "binned": False}


@pytest.mark.parametrize("kind", ["clients", "orders"])
def test_the_list_leads_to_its_table(olga: Staff, kind: str) -> None:
    make_order()

    assert f'href="/{kind}/table.csv"' in olga.get(f"/{kind}").text


def test_a_stranger_gets_none(vertex_app: Flask) -> None:
    make_client()

    for kind in ("clients", "orders"):
        reply = vertex_app.test_client().get(f"/{kind}/table.csv")
        assert reply.status_code in (302, 303)
