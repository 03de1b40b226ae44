"""Orders: found or made by number, never another client's."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import OLGA, make_client, make_order
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client, Order, OrderStatus, utcnow, uuid7
from vertex.services import clients, orders, public_codes
from vertex.services.orders import Details

pytestmark = pytest.mark.usefixtures("vertex_app")


def test_makes_one_that_is_new() -> None:
    client_id = make_client().id

    order = orders.find_or_create(number=" A  17 ", client_id=client_id, actor=OLGA)

    assert (order.number, order.client_id) == ("A 17", client_id)
    assert db.session.scalars(select(AuditEntry)).one().subject == f"order:{order.id}"


def test_finds_one_that_is_there() -> None:
    known = make_order(number="A17")

    assert orders.find_or_create(number="A17", client_id=known.client_id, actor=OLGA).id == known.id


def test_one_in_the_bin_does_not_count() -> None:
    binned = make_order(number="A17", deleted_at=utcnow())

    order = orders.find_or_create(number="A17", client_id=binned.client_id, actor=OLGA)

    assert order.id != binned.id


def test_refuses_another_clients() -> None:
    make_order(number="A17")
    client_id = make_client().id

    with pytest.raises(ConflictError) as refusal:
        orders.find_or_create(number="A17", client_id=client_id, actor=OLGA)

    assert refusal.value.code == "order_of_another_client"


@pytest.mark.parametrize("number", ["", "  ", "9" * 41])
def test_refuses_what_is_no_number(number: str) -> None:
    client_id = make_client().id

    with pytest.raises(InvalidError):
        orders.find_or_create(number=number, client_id=client_id, actor=OLGA)

    assert db.session.scalars(select(Order)).all() == []


AGREED = Details("2026-0001", "Album", 12_000, 5_000, 2_500, date(2026, 12, 24), None, "matt paper")


def entries() -> list[AuditAction]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


class TestCreate:
    def test_stores_what_was_agreed_and_gives_the_album_its_code(self) -> None:
        client_id = make_client().id

        order = orders.create(AGREED, client_id=client_id, actor=OLGA)

        assert orders.details_of(order) == AGREED
        assert (order.client_id, order.status, order.version) == (client_id, OrderStatus.NEW, 1)
        assert public_codes.of_order(order.id) is not None
        assert entries() == [AuditAction.ORDER_CREATED]

    def test_cleans_what_was_typed(self) -> None:
        typed = Details("  A \t 1 ", product="  a \x00print ", notes=" two\nlines ")

        order = orders.create(typed, client_id=make_client().id, actor=OLGA)

        assert (order.number, order.product, order.notes) == ("A 1", "a print", "two\nlines")
        assert order.paid == 0

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"number": " "}, "order_number_invalid", "number"),
            ({"product": "x" * 121}, "text_long", "product"),
            ({"notes": "x" * 5001}, "text_long", "notes"),
            ({"assignee_id": uuid7()}, "assignee_unknown", "assignee_id"),
        ],
    )
    def test_refuses_what_makes_no_sense_and_leaves_nothing(
        self, given: dict[str, Any], code: str, field: str
    ) -> None:
        client_id = make_client().id

        with pytest.raises(InvalidError) as refusal:
            orders.create(replace(AGREED, **given), client_id=client_id, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert (db.session.scalars(select(Order)).all(), entries()) == ([], [])

    def test_refuses_a_number_that_is_taken(self) -> None:
        make_order(number="2026-0001")
        client_id = make_client().id

        with pytest.raises(ConflictError) as refusal:
            orders.create(AGREED, client_id=client_id, actor=OLGA)

        assert refusal.value.code == "order_number_taken"
        assert len(db.session.scalars(select(Order)).all()) == 1

    def test_refuses_a_client_in_the_bin(self) -> None:
        client_id = make_client(deleted_at=utcnow()).id

        with pytest.raises(NotFoundError):
            orders.create(AGREED, client_id=client_id, actor=OLGA)

        assert entries() == []

    def test_a_form_sent_twice_makes_one(self) -> None:
        client_id = make_client().id
        orders.create(AGREED, client_id=client_id, actor=OLGA, submission="token")

        with pytest.raises(ConflictError) as refusal:
            orders.create(
                replace(AGREED, number="2"), client_id=client_id, actor=OLGA, submission="token"
            )

        assert refusal.value.code == "sent_twice"
        assert len(db.session.scalars(select(Order)).all()) == 1

    def test_takes_in_a_client_who_is_new(self) -> None:
        order = orders.create_for("Anna", "+7 916 123-45-67", AGREED, actor=OLGA)

        assert (order.client.name, order.client.phone) == ("Anna", "+79161234567")

    def test_knows_a_client_by_their_phone(self) -> None:
        anna = make_client(name="Anna", phone="+79161234567")

        assert orders.create_for("anna", "+79161234567", AGREED, actor=OLGA).client_id == anna.id

    def test_refuses_the_phone_of_somebody_else(self) -> None:
        make_client(name="Anna", phone="+79161234567")

        with pytest.raises(ConflictError) as refusal:
            orders.create_for("Boris", "+79161234567", AGREED, actor=OLGA)

        assert refusal.value.code == "phone_of_other"

    def test_a_number_that_is_taken_leaves_no_new_client(self) -> None:
        make_order(number="2026-0001")
        before = db.session.scalar(select(func.count(Client.id)))

        with pytest.raises(ConflictError):
            orders.create_for("Anna", "+79161234567", AGREED, actor=OLGA)

        assert db.session.scalar(select(func.count(Client.id))) == before


class TestEdit:
    def test_changes_what_was_agreed_and_records_which_fields(self) -> None:
        order = orders.create(AGREED, client_id=make_client().id, actor=OLGA)
        wanted = replace(AGREED, price=13_000, notes="glossy")

        orders.edit(order.id, wanted, version=1, actor=OLGA)

        db.session.expire_all()
        assert orders.details_of(order) == wanted
        assert order.version == 2
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.action, last.details) == (
            AuditAction.ORDER_EDITED,
            {"fields": ["price", "notes"]},
        )

    def test_nothing_changed_is_no_change(self) -> None:
        order = orders.create(AGREED, client_id=make_client().id, actor=OLGA)

        orders.edit(order.id, AGREED, version=1, actor=OLGA)

        assert (order.version, entries()) == (1, [AuditAction.ORDER_CREATED])

    def test_who_comes_second_is_refused(self) -> None:
        order = orders.create(AGREED, client_id=make_client().id, actor=OLGA)
        orders.edit(order.id, replace(AGREED, notes="first"), version=1, actor=OLGA)

        with pytest.raises(ConflictError) as refusal:
            orders.edit(order.id, replace(AGREED, notes="second"), version=1, actor=OLGA)

        assert refusal.value.code == "changed_meanwhile"
        db.session.expire_all()
        assert order.notes == "first"

    def test_refuses_the_number_of_another(self) -> None:
        make_order(number="A17")
        order = orders.create(AGREED, client_id=make_client().id, actor=OLGA)

        with pytest.raises(ConflictError) as refusal:
            orders.edit(order.id, replace(AGREED, number="A17"), version=1, actor=OLGA)

        assert refusal.value.code == "order_number_taken"


class TestBin:
    def test_there_and_back(self) -> None:
        order = make_order()

        orders.move_to_bin(order.id, actor=OLGA)
        orders.move_to_bin(order.id, actor=OLGA)
        with pytest.raises(NotFoundError):
            orders.get(order.id)
        orders.restore(order.id, actor=OLGA)
        orders.restore(order.id, actor=OLGA)

        assert orders.get(order.id).deleted_at is None
        assert entries() == [AuditAction.ORDER_BINNED, AuditAction.ORDER_RESTORED]

    def test_its_number_may_be_anothers_meanwhile(self) -> None:
        order = make_order(number="A17")
        orders.move_to_bin(order.id, actor=OLGA)
        make_order(number="A17")

        with pytest.raises(ConflictError) as refusal:
            orders.restore(order.id, actor=OLGA)

        assert refusal.value.code == "order_number_taken"

    def test_it_does_not_come_back_without_its_client(self) -> None:
        order = make_order()
        orders.move_to_bin(order.id, actor=OLGA)
        clients.move_to_bin(order.client_id, actor=OLGA)

        with pytest.raises(NotFoundError):
            orders.restore(order.id, actor=OLGA)

    def test_a_client_with_orders_stays(self) -> None:
        order = make_order()

        with pytest.raises(ConflictError) as refusal:
            clients.move_to_bin(order.client_id, actor=OLGA)

        assert refusal.value.code == "client_has_orders"


class TestNumber:
    @pytest.mark.parametrize(
        ("there", "next_one"),
        [
            ([], "2026-0001"),
            (["2026-0007", "2026-0012", "2025-0099"], "2026-0013"),
            (["2026-9999"], "2026-10000"),
            (["2026-9999", "2026-10000"], "2026-10001"),
        ],
    )
    def test_the_next_one_follows_the_last_of_the_year(
        self, there: list[str], next_one: str
    ) -> None:
        for number in there:
            make_order(number=number)

        assert orders.next_number(date(2026, 5, 1)) == next_one

    def test_a_number_of_the_studios_own_making_does_not_count(self) -> None:
        make_order(number="2026-0007")
        make_order(number="2026-xmas-special")

        assert orders.next_number(date(2026, 5, 1)) == "2026-0008"

    def test_is_judged_as_saving_would(self) -> None:
        order = make_order(number="A17")

        orders.judge_number("A17", known=order.id)
        with pytest.raises(ConflictError):
            orders.judge_number(" A17 ")
