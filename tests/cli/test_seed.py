"""`flask seed`: a made-up studio, the same for the same wish."""

from collections.abc import Mapping
from typing import Any

import phonenumbers
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import MakeApp
from tests.factories import make_client
from tests.web.staff import Staff
from vertex.cli.seed import seed
from vertex.extensions import Base, db
from vertex.models import Client, Order, OrderStatus, Portrait, User, Visit, VisitHour
from vertex.runtime import runtime
from vertex.services import (
    client_lists,
    media_files,
    order_lists,
    visits,
)
from vertex.services.order_lists import Wish

SMALL = ("--clients", "40", "--visits", "300", "--day", "2026-11-27")
COUNTS = {"clients": 40, "orders": 80, "portraits": 80, "visits": 300, "public_codes": 160}


def run(app: Flask, *options: str) -> Result:
    """What the command said; the session of the test begins anew, as another process would."""
    result = app.test_cli_runner().invoke(seed, [*SMALL, *options])
    db.session.rollback()
    return result


def rows(app: Flask) -> Mapping[str, list[Any]]:
    """Every row of every table, in the order of their ids."""
    with app.app_context():
        found = {
            table.name: list(db.session.execute(select(table).order_by(*table.primary_key)))
            for table in Base.metadata.sorted_tables
        }
        db.session.rollback()
        return found


def test_makes_a_studio_with_everything_in_it(vertex_app: Flask, olga: Staff) -> None:
    result = run(vertex_app)

    assert result.exit_code == 0, result.output
    found = rows(vertex_app)
    assert {name: len(found[name]) for name in COUNTS} == COUNTS
    assert len({code.code for code in found["public_codes"]}) == COUNTS["public_codes"]
    statuses = {order.status for order in found["orders"]}
    assert {OrderStatus.DELIVERED, OrderStatus.NEW} <= statuses
    _the_clients_are_believable()
    _searches_and_counts_are_filled()
    _every_page_has_its_pictures(olga)


def _the_clients_are_believable() -> None:
    phones = db.session.scalars(select(Client.phone)).all()
    assert len(set(phones)) == len(phones)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    names = "".join(db.session.scalars(select(Client.name)))
    assert any("а" <= char <= "я" for char in names)  # noqa: RUF001 - Russian
    assert any("a" <= char <= "z" for char in names)
    late = select(Order.id).join(Order.client).where(Order.created_at < Client.created_at)
    assert db.session.scalar(late.limit(1)) is None


def _searches_and_counts_are_filled() -> None:
    known = db.session.scalars(select(Client).where(Client.deleted_at.is_(None))).first()
    assert known is not None
    assert known in client_lists.search(known.name).clients
    order = db.session.scalars(select(Order).where(Order.deleted_at.is_(None))).first()
    assert order is not None
    found = order_lists.search(Wish(typed=order.number), today=order.created_at.date())
    assert order in found.orders
    hours = db.session.scalar(select(func.sum(VisitHour.opened)))
    assert hours == db.session.scalar(select(func.count(Visit.id)))
    seen = db.session.scalars(select(Visit.portrait_id).limit(1)).one()
    assert seen is not None and visits.of_portrait(seen).opened > 0


def _every_page_has_its_pictures(olga: Staff) -> None:
    assert not list(media_files.verify(runtime().storage))
    portrait = db.session.scalars(select(Portrait).where(Portrait.deleted_at.is_(None))).first()
    assert portrait is not None
    assert olga.get(f"/portraits/{portrait.id}").status_code == 200
    assert olga.get(f"/portraits/{portrait.id}/preview").mimetype == "image/jpeg"
    assert olga.get(f"/orders/{portrait.order_id}").status_code == 200


def test_the_same_wish_makes_the_same_rows_and_another_seed_others(make_app: MakeApp) -> None:
    first = make_app()
    with first.app_context():
        run(first)
    before = rows(first)
    again = make_app()  # a fresh database in the place of the first
    with again.app_context():
        run(again)

    assert rows(again) == before


def test_leaves_a_studio_at_work_alone_unless_it_is_told_so(vertex_app: Flask) -> None:
    make_client(name="Anna")

    refused = run(vertex_app)
    assert refused.exit_code == 1
    assert "has work of its own" in refused.output
    assert len(rows(vertex_app)["clients"]) == 1

    assert run(vertex_app, "--in-use").exit_code == 0
    assert len(rows(vertex_app)["clients"]) == 1 + COUNTS["clients"]
    again = run(vertex_app, "--in-use")
    assert "is here already" in again.output
    assert len(rows(vertex_app)["clients"]) == 1 + COUNTS["clients"]
    assert run(vertex_app, "--in-use", "--seed", "2").exit_code == 0


def test_nobody_made_up_can_sign_in(vertex_app: Flask) -> None:
    run(vertex_app)

    hashes = set(db.session.scalars(select(User.password_hash)))

    assert hashes == {"!"}


def test_there_are_no_orders_without_clients_and_no_visits_without_portraits(
    vertex_app: Flask,
) -> None:
    result = run(vertex_app, "--portraits", "0")

    assert result.exit_code == 1
    assert "no visits without portraits" in result.output
    assert not rows(vertex_app)["clients"]
