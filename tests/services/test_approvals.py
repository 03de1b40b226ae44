"""Approvals: asked, given, changed in mind, out of date, withdrawn, and closed by printing."""

import pytest
from flask import Flask
from sqlalchemy import event as events

from tests.factories import OLGA, make_order, make_portrait, make_user
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import Approval, Notification, NotificationType, Order, OrderStatus, Role
from vertex.services import approvals, audit, order_moves, orders, portraits
from vertex.services.approvals import Stand

ANNA = audit.actor_by_code("FNJNQFKB4E")

pytestmark = pytest.mark.usefixtures("vertex_app")


def make_asked(**given: object) -> Order:
    """An order with a portrait whose client is asked."""
    order = make_order(**given)
    make_portrait(order_id=order.id)
    approvals.ask(order.id, actor=OLGA)
    return order


def answer(order: Order, message: str = "") -> None:
    """Approve, or ask for a change in these words."""
    seen = approvals.portraits_of(order.id)
    approvals.answer(order.id, approves=not message, message=message, seen=seen, actor=ANNA)


def stand(order: Order) -> Stand | None:
    standing = approvals.of_order(order.id)
    return standing.stand if standing else None


def test_nobody_waits_before_anybody_asked() -> None:
    order = make_order()

    assert stand(order) is None
    assert not approvals.may_answer(order)


def test_asking_waits_for_the_client_and_asking_twice_is_asking_once() -> None:
    order = make_asked()
    approvals.ask(order.id, actor=OLGA)

    assert stand(order) is Stand.WAITING
    assert len(audit.timeline(orders.subject_of(order.id))) == 1


@pytest.mark.parametrize(
    ("message", "expected", "type_"),
    [
        ("", Stand.APPROVED, NotificationType.APPROVAL_GIVEN),
        ("Lighter, please", Stand.CHANGE, NotificationType.APPROVAL_CHANGE),
    ],
)
def test_an_answer_is_stored_recorded_and_told(
    message: str, expected: Stand, type_: NotificationType
) -> None:
    boss, pavel = make_user(role=Role.ADMIN), make_user()
    make_user()  # whose order it is not
    order = make_asked(assignee_id=pavel.id)

    answer(order, message)

    standing = approvals.of_order(order.id)
    assert standing and (standing.stand, standing.message) == (expected, message)
    event = audit.timeline(orders.subject_of(order.id))[0]
    assert (event.entry.actor, event.by_client) == ("code:FNJNQFKB4E", True)
    told = db.session.query(Notification).all()
    assert {one.user_id for one in told} == {boss.id, pavel.id}
    assert {(one.type, one.parameters["number"]) for one in told} == {(type_, order.number)}


def test_an_answer_sent_twice_counts_once() -> None:
    order = make_asked()

    answer(order)
    answer(order)

    assert db.session.query(Approval).count() == 1
    assert len(audit.timeline(orders.subject_of(order.id))) == 2


def test_a_change_of_mind_keeps_what_was_said_before() -> None:
    order = make_asked()

    answer(order, "Lighter, please")
    answer(order)

    assert stand(order) is Stand.APPROVED
    assert [row.message for row in db.session.query(Approval).order_by(Approval.id)] == [
        "Lighter, please",
        "",
    ]


@pytest.mark.parametrize("message", ["", " \n", "x" * 1001])
def test_a_change_needs_words_and_not_too_many(message: str) -> None:
    order = make_asked()
    seen = approvals.portraits_of(order.id)

    with pytest.raises(InvalidError) as error:
        approvals.answer(order.id, approves=False, message=message, seen=seen, actor=ANNA)

    assert error.value.field == "message"
    assert stand(order) is Stand.WAITING


def test_other_portraits_make_it_stale_and_the_old_ones_good_again() -> None:
    order = make_asked()
    answer(order)

    added = make_portrait(order_id=order.id)
    assert stand(order) is Stand.STALE
    portraits.move_to_bin(added.id, actor=OLGA)

    assert stand(order) is Stand.APPROVED


def test_nobody_approves_what_they_have_not_seen() -> None:
    order = make_asked()
    seen = approvals.portraits_of(order.id)
    make_portrait(order_id=order.id)

    with pytest.raises(ConflictError, match="approval_of_others"):
        approvals.answer(order.id, approves=True, message="", seen=seen, actor=ANNA)

    assert stand(order) is Stand.WAITING


def test_what_is_withdrawn_cannot_be_answered() -> None:
    order = make_asked()

    approvals.withdraw(order.id, actor=OLGA)

    assert stand(order) is None
    with pytest.raises(ConflictError, match="approval_closed"):
        answer(order)
    approvals.ask(order.id, actor=OLGA)
    answer(order)
    assert stand(order) is Stand.APPROVED


def test_nothing_is_asked_without_portraits_or_after_printing() -> None:
    with pytest.raises(ConflictError, match="approval_of_nothing"):
        approvals.ask(make_order().id, actor=OLGA)
    printed = make_order(status=OrderStatus.PRINTED)
    make_portrait(order_id=printed.id)
    with pytest.raises(ConflictError, match="approval_too_late"):
        approvals.ask(printed.id, actor=OLGA)


def print_it(order: Order) -> dict[str, object]:
    """What the record says of an order that is printed."""
    order_moves.move(
        order.id, OrderStatus.PRINTED, seen=order.status, sure=True, printable=True, actor=OLGA
    )
    return audit.timeline(orders.subject_of(order.id))[0].entry.details


def test_printing_without_the_approval_is_noted_and_ends_the_question() -> None:
    order = make_asked(status=OrderStatus.READY)

    assert print_it(order) == {"from": "ready", "to": "printed", "approval": "waiting"}

    assert stand(order) is None
    order_moves.move(
        order.id,
        OrderStatus.READY,
        seen=OrderStatus.PRINTED,
        sure=False,
        printable=True,
        actor=OLGA,
    )
    assert not approvals.may_answer(order)  # by the code on the print, anybody could


def test_printing_what_was_approved_is_only_printing() -> None:
    order = make_asked(status=OrderStatus.READY)
    answer(order)

    assert print_it(order) == {"from": "ready", "to": "printed"}

    assert stand(order) is Stand.APPROVED


def test_many_orders_are_known_in_two_queries(vertex_app: Flask) -> None:
    asked = [make_asked() for _ in range(4)]
    answer(asked[0])
    answer(asked[1], "Lighter")
    ids = [order.id for order in asked]
    statements: list[str] = []

    def note(*event: object) -> None:
        statements.append(str(event[2]))

    events.listen(db.engine, "before_cursor_execute", note)
    found = approvals.of_orders(ids)
    events.remove(db.engine, "before_cursor_execute", note)

    assert [found[order_id].stand for order_id in ids] == [
        Stand.APPROVED, Stand.CHANGE, Stand.WAITING, Stand.WAITING,
    ]  # fmt: skip
    assert len([one for one in statements if one.startswith("SELECT")]) == 2
