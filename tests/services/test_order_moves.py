"""The way of an order: moved by those who see where it is, final only by those who are sure."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import OLGA, make_order
from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Order, OrderStatus, utcnow
from vertex.services import order_moves
from vertex.services.order_moves import Progress, Step

pytestmark = pytest.mark.usefixtures("vertex_app")

NEW, BEGUN, READY, PRINTED, DELIVERED, CANCELLED = OrderStatus


def move(order: Order, to: OrderStatus, **given: Any) -> Order:
    usual = {"seen": order.status, "sure": False, "printable": True, "actor": OLGA}
    return order_moves.move(order.id, to, **{**usual, **given})


def stored(order: Order) -> OrderStatus:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Order, order.id).status


@pytest.mark.parametrize("to", [BEGUN, READY, CANCELLED, NEW])
def test_goes_on_and_back_at_once(to: OrderStatus) -> None:
    order = make_order(status=READY if to in (BEGUN, NEW) else BEGUN)

    move(order, to)

    assert stored(order) is to
    assert order.moved_at is not None


def test_is_recorded_with_both_ends() -> None:
    order = make_order()

    move(order, BEGUN)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == (AuditAction.ORDER_MOVED, f"order:{order.id}")
    assert entry.details == {"from": "new", "to": "in_progress"}


def test_where_it_is_already_nothing_happens() -> None:
    order = make_order(status=PRINTED)

    move(order, PRINTED, printable=False)

    assert db.session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("to", [PRINTED, DELIVERED])
def test_what_is_final_must_be_sure(to: OrderStatus) -> None:
    order = make_order(status=READY)

    with pytest.raises(ConflictError) as refusal:
        move(order, to)
    assert (refusal.value.code, stored(order)) == ("order_move_unsure", READY)
    move(order, to, sure=True)

    assert stored(order) is to


def test_nothing_is_printed_whose_codes_lead_nowhere() -> None:
    order = make_order(status=READY)

    with pytest.raises(ConflictError) as refusal:
        move(order, PRINTED, sure=True, printable=False)

    assert (refusal.value.code, stored(order)) == ("address_not_printable", READY)


def test_who_sees_it_elsewhere_is_refused() -> None:
    order = make_order(status=READY)

    with pytest.raises(ConflictError) as refusal:
        move(order, BEGUN, seen=NEW)

    assert (refusal.value.code, stored(order)) == ("order_moved_meanwhile", READY)


def test_one_in_the_bin_stays_there() -> None:
    with pytest.raises(NotFoundError):
        move(make_order(deleted_at=utcnow()), BEGUN)


def test_of_two_who_move_at_once_one_is_refused(vertex_app: Flask) -> None:
    order = make_order()
    ends: list[str] = []

    def go(to: OrderStatus) -> None:
        with vertex_app.app_context():
            try:
                order_moves.move(order_id, to, seen=NEW, sure=False, printable=True, actor=OLGA)
                ends.append(to.value)
            except ConflictError as error:
                ends.append(error.code)

    order_id = order.id
    db.session.rollback()
    threads = [threading.Thread(target=go, args=(to,)) for to in (BEGUN, CANCELLED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "order_moved_meanwhile" in ends
    assert len(ends) == 2
    assert stored(order).value in ends


@pytest.mark.parametrize(
    ("status", "progress", "step"),
    [
        (NEW, Progress(), Step.UPLOAD),
        (BEGUN, Progress(), Step.UPLOAD),
        (NEW, Progress(2, working=1), Step.WAIT),
        (BEGUN, Progress(2, working=1, poor=1), Step.WAIT),
        (READY, Progress(2, poor=1), Step.LOOK),
        (NEW, Progress(1), Step.BEGIN),
        (BEGUN, Progress(1), Step.CHECK),
        (READY, Progress(1), Step.PRINT),
        (PRINTED, Progress(1), Step.DELIVER),
        (PRINTED, Progress(), Step.DELIVER),
        (DELIVERED, Progress(1), Step.NONE),
        (CANCELLED, Progress(1, poor=1), Step.NONE),
    ],
)
def test_the_next_step_is_what_is_missing(
    status: OrderStatus, progress: Progress, step: Step
) -> None:
    assert order_moves.step_of(status, progress) is step
