"""Many at once: each by itself, all of them told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import OLGA, make_client, make_order, make_portrait, make_user
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditEntry, Batch, Order, OrderStatus, Portrait, Thing, uuid7
from vertex.services import batches, clients, orders, rules

pytestmark = pytest.mark.usefixtures("vertex_app")

NEW, BEGUN, READY, PRINTED, DELIVERED, CANCELLED = OrderStatus


def move(
    seen: dict[UUID, OrderStatus], to: OrderStatus, user_id: UUID, *, sure: bool = False
) -> Batch:
    return batches.move(seen, to, sure=sure, printable=True, actor=OLGA, user_id=user_id)


def statuses(*ids: UUID) -> list[OrderStatus]:
    db.session.rollback()
    db.session.expire_all()
    return [db.session.get_one(Order, order_id).status for order_id in ids]


def entries() -> list[tuple[str, str]]:
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action.value, entry.subject) for entry in found]


def test_those_that_were_elsewhere_are_told_and_the_others_are_moved() -> None:
    user = make_user().id
    first, second, third = make_order().id, make_order(status=READY).id, make_order().id

    batch = move({first: NEW, second: NEW, third: NEW}, BEGUN, user)

    assert statuses(first, second, third) == [BEGUN, READY, BEGUN]
    assert [UUID(one["id"]) for one in batch.done] == [first, third]
    (refused,) = batch.refused
    assert (UUID(refused["id"]), refused["code"]) == (second, "order_moved_meanwhile")
    assert refused["name"] == db.session.get_one(Order, second).number
    assert entries() == [("order.moved", f"order:{one}") for one in (first, third)]


def test_moves_are_taken_back_each_to_where_it_was() -> None:
    user = make_user().id
    first, second = make_order().id, make_order(status=PRINTED).id
    batch = move({first: NEW, second: PRINTED}, READY, user)

    undone = batches.undo(batch.id, printable=False, actor=OLGA, user_id=user)

    # what was printed is not marked so again while the codes lead nowhere
    assert statuses(first, second) == [NEW, READY]
    assert [one["code"] for one in undone.refused] == ["address_not_printable"]


def test_what_somebody_has_moved_on_since_is_not_taken_back() -> None:
    user = make_user().id
    order = make_order().id
    batch = move({order: NEW}, BEGUN, user)
    move({order: BEGUN}, READY, user)

    undone = batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    assert statuses(order) == [READY]
    assert [one["code"] for one in undone.refused] == ["order_moved_meanwhile"]


def test_what_is_final_wants_to_be_sure_and_is_not_taken_back() -> None:
    user = make_user().id
    order = make_order(status=READY).id

    with pytest.raises(ConflictError, match="unsure"):
        move({order: READY}, PRINTED, user)
    assert statuses(order) == [READY]
    batch = move({order: READY}, PRINTED, user, sure=True)

    assert statuses(order) == [PRINTED]
    with pytest.raises(ConflictError, match="batch_not_undone"):
        batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)


def test_nothing_is_printed_while_codes_lead_nowhere() -> None:
    order = make_order(status=READY).id

    with pytest.raises(ConflictError, match="address_not_printable"):
        batches.move(
            {order: READY}, PRINTED, sure=True, printable=False, actor=OLGA,
            user_id=make_user().id,
        )  # fmt: skip

    assert statuses(order) == [READY]
    assert db.session.scalars(select(Batch)).all() == []


@pytest.mark.parametrize("thing", Thing)
def test_a_pause_is_set_and_taken_back_to_what_was_before(thing: Thing) -> None:
    user = make_user().id
    make: Any = make_order if thing is Thing.ORDER else make_portrait
    kind: Any = Order if thing is Thing.ORDER else Portrait
    shown, hidden = make().id, make(paused=True).id

    def paused() -> list[bool]:
        db.session.rollback()
        db.session.expire_all()
        return [bool(db.session.get_one(kind, one).paused) for one in (shown, hidden)]

    batch = batches.pause(thing, [shown, hidden], paused=True, actor=OLGA, user_id=user)
    assert paused() == [True, True]
    assert entries() == [("rules.changed", f"{thing.value}:{shown}")]
    batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    assert paused() == [False, True]


def test_the_bin_and_back_even_where_one_cannot_come_back() -> None:
    user, client = make_user().id, make_client().id
    first, second = make_portrait().id, make_portrait(client_id=client).id
    batch = batches.move_to_bin(Thing.PORTRAIT, [first, second, uuid7()], actor=OLGA, user_id=user)
    assert [one["code"] for one in batch.refused] == ["not_found"]
    clients.move_to_bin(client, actor=OLGA)

    undone = batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    assert [UUID(one["id"]) for one in undone.done] == [first]
    assert [one["code"] for one in undone.refused] == ["client_in_bin"]


def test_an_order_in_the_bin_keeps_its_number_for_undo() -> None:
    user = make_user().id
    order = make_order(number="2026-0001").id
    batch = batches.move_to_bin(Thing.ORDER, [order], actor=OLGA, user_id=user)
    make_order(number="2026-0001")

    undone = batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    assert [one["code"] for one in undone.refused] == ["order_number_taken"]
    with pytest.raises(NotFoundError):
        orders.get(order)


def test_nobody_sees_or_undoes_what_another_did() -> None:
    order = make_order().id
    batch = move({order: NEW}, BEGUN, make_user().id)

    with pytest.raises(NotFoundError):
        batches.undo(batch.id, printable=True, actor=OLGA, user_id=make_user().id)


def test_twice_is_not_undone() -> None:
    user = make_user().id
    batch = move({make_order().id: NEW}, BEGUN, user)
    batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    with pytest.raises(ConflictError, match="batch_not_undone"):
        batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)


def test_of_two_who_take_the_same_back_one_does(vertex_app: Flask) -> None:
    user = make_user().id
    ids = [make_order().id for _ in range(5)]
    batch_id = move(dict.fromkeys(ids, NEW), BEGUN, user).id

    def undo(_turn: int) -> bool:
        with vertex_app.app_context():
            try:
                batches.undo(batch_id, printable=True, actor=OLGA, user_id=user)
            except ConflictError:
                return False
            return True

    with ThreadPoolExecutor(2) as people:
        done = list(people.map(undo, range(2)))

    assert sorted(done) == [False, True]
    assert statuses(*ids) == [NEW] * 5
    db.session.rollback()
    assert len(db.session.get_one(Batch, batch_id).done) == 5


def test_a_pause_that_somebody_has_lifted_since_is_told() -> None:
    user = make_user().id
    first, second = make_portrait().id, make_portrait().id
    batch = batches.pause(Thing.PORTRAIT, [first, second], paused=True, actor=OLGA, user_id=user)
    rules.pause_portrait(first, None, actor=OLGA)

    undone = batches.undo(batch.id, printable=True, actor=OLGA, user_id=user)

    assert [UUID(one["id"]) for one in undone.done] == [second]
    assert [one["code"] for one in undone.refused] == ["changed_meanwhile"]


def test_nothing_and_too_much_are_refused() -> None:
    user = make_user().id

    with pytest.raises(InvalidError, match="nothing_chosen"):
        move({}, BEGUN, user)
    with pytest.raises(InvalidError, match="batch_large"):
        move({uuid7(): NEW for _ in range(batches.MOST + 1)}, BEGUN, user)
