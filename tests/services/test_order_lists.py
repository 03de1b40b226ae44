"""Orders found, filtered, listed to the end and laid out."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import make_client, make_order, make_portrait, make_user
from vertex.models import Order, OrderStatus, PortraitStatus, Recognisable, utcnow
from vertex.services import order_lists
from vertex.services.order_lists import Due, Wish
from vertex.services.order_moves import Progress

pytestmark = pytest.mark.usefixtures("vertex_app")

TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


def found(today: date = TODAY, **wished: Any) -> list[str]:
    """The numbers of all orders wished for, page after page."""
    numbers: list[str] = []
    after = None
    while True:
        page = order_lists.search(Wish(**wished), today=today, after=after)
        numbers += [order.number for order in page.orders]
        if page.after is None:
            return numbers
        after = page.after


def numbers(orders: Sequence[Order]) -> list[str]:
    return [order.number for order in orders]


class TestSearch:
    @pytest.mark.parametrize(
        "typed", ["2026-0042", "0042", "семёнова", "СЕМЁНОВА Ан", "9161234567", "8 (916) 123",
                  "matt paper", "Анна 2026"],
    )  # fmt: skip
    def test_by_number_client_phone_product_and_notes(self, typed: str) -> None:
        anna = make_client(name="Анна Семёнова", phone="+79161234567")
        make_order(number="2026-0042", client_id=anna.id, product="A3 canvas", notes="matt paper")
        make_order(number="2025-7", client_id=make_client(name="Boris", phone="+12025550143").id)

        assert found(typed=typed) == ["2026-0042"]

    def test_an_order_that_is_edited_is_found_by_what_it_says_now(self) -> None:
        order = make_order(number="A-1", notes="matt")
        from vertex.services._transaction import atomic

        with atomic():
            order.notes = "glossy"

        assert (found(typed="matt"), found(typed="glossy")) == ([], ["A-1"])

    @pytest.mark.parametrize("typed", ["%", "_", '"', "'", "\\", "a\x00b", "*", "NEAR(", "😀" * 50])
    def test_what_nobody_has_finds_nothing(self, typed: str) -> None:
        make_order(number="1")

        assert found(typed=typed) == []

    def test_the_newest_comes_first_and_pages_go_to_the_end(self) -> None:
        client = make_client()
        made = [make_order(number=f"N{n:03}", client_id=client.id).number for n in range(65)]

        assert found() == made[::-1]


class TestFilters:
    def test_the_bin_is_apart(self) -> None:
        make_order(number="live")
        make_order(number="binned", deleted_at=utcnow())

        assert (found(), found(binned=True)) == (["live"], ["binned"])

    def test_by_status_and_whether_there_is_something_to_do(self) -> None:
        for status in OrderStatus:
            make_order(number=status.value, status=status)

        assert found(status=OrderStatus.READY) == ["ready"]
        assert found(is_open=True) == ["printed", "ready", "in_progress", "new"]

    def test_by_day_the_most_urgent_first(self) -> None:
        client = make_client()
        for n in (-40, -1, 0, 6, 7, 90):
            make_order(number=f"{n}", client_id=client.id, due_on=TODAY + n * DAY)
        make_order(number="whenever", client_id=client.id)
        make_order(number="done", due_on=TODAY - DAY, status=OrderStatus.DELIVERED)

        assert found(due=Due.OVERDUE) == ["-40", "-1"]
        assert found(due=Due.WEEK) == ["0", "6"]

    def test_many_of_one_day_are_all_shown_once(self) -> None:
        client = make_client()
        for n in range(70):
            make_order(number=f"{n}", client_id=client.id, due_on=TODAY - (n % 3 + 1) * DAY)

        shown = found(due=Due.OVERDUE)

        assert sorted(shown, key=int) == [f"{n}" for n in range(70)]
        assert len(set(shown)) == 70

    def test_by_who_does_it(self) -> None:
        olga = make_user().id
        make_order(number="hers", assignee_id=olga)
        make_order(number="nobodys")

        assert found(assignee_id=olga) == ["hers"]

    def test_what_is_not_paid(self) -> None:
        make_order(number="owing", price=100, paid=40)
        make_order(number="paid", price=100, paid=100)
        make_order(number="no price", paid=0)
        make_order(number="cancelled", price=100, status=OrderStatus.CANCELLED)

        assert found(owing=True) == ["owing"]

    def test_all_at_once(self) -> None:
        olga, client = make_user().id, make_client(name="Anna")
        make_order(number="A1", client_id=client.id, assignee_id=olga, due_on=TODAY - DAY)
        make_order(number="A2", client_id=client.id, assignee_id=olga)
        make_order(number="A3", client_id=client.id, due_on=TODAY - DAY)

        assert found(typed="anna", assignee_id=olga, due=Due.OVERDUE) == ["A1"]

    def test_of_a_client(self) -> None:
        client = make_client()
        make_order(number="1", client_id=client.id)
        make_order(number="2", client_id=client.id)
        make_order(number="another's")

        assert numbers(order_lists.of_client(client.id)) == ["2", "1"]


def test_what_is_due_soon_comes_most_urgent_first() -> None:
    client = make_client()
    for n in (7, 6, -1, 0):
        make_order(number=f"{n}", client_id=client.id, due_on=TODAY + n * DAY)
    make_order(number="done", status=OrderStatus.DELIVERED, due_on=TODAY)
    make_order(number="whenever")

    assert numbers(order_lists.due_soon(TODAY, limit=9)) == ["-1", "0", "6"]
    assert numbers(order_lists.due_soon(TODAY, limit=1)) == ["-1"]


class TestBoard:
    def test_has_a_column_for_each_step_and_none_for_what_is_cancelled(self) -> None:
        for status in OrderStatus:
            make_order(number=status.value, status=status)

        board = order_lists.board()

        assert [numbers(column.orders) for column in board] == [
            ["new"], ["in_progress"], ["ready"], ["printed"], ["delivered"],
        ]  # fmt: skip
        assert [column.count for column in board] == [1] * 5

    def test_shows_the_most_urgent_first_and_of_many_a_few(self) -> None:
        client = make_client()
        for n in range(25):
            make_order(number=f"{n:02}", client_id=client.id)
        make_order(number="late", client_id=client.id, due_on=TODAY - DAY)
        make_order(number="soon", client_id=client.id, due_on=TODAY + DAY)

        column = order_lists.board()[0]

        assert numbers(column.orders)[:3] == ["late", "soon", "00"]
        assert (len(column.orders), column.count) == (12, 27)
        status = column.status
        whole = {one.status: one for one in order_lists.board(status)}[status]
        assert len(whole.orders) == 27 and whole.orders[:12] == column.orders

    def test_shows_what_was_delivered_last(self) -> None:
        make_order(number="1", status=OrderStatus.DELIVERED)
        make_order(number="2", status=OrderStatus.DELIVERED)

        assert numbers(order_lists.board()[-1].orders) == ["2", "1"]


def test_how_far_the_portraits_are() -> None:
    order, empty = make_order(), make_order()
    own = {"order_id": order.id, "client_id": order.client_id}
    make_portrait(**own)
    make_portrait(**own, status=PortraitStatus.PROCESSING)
    make_portrait(**own, status=PortraitStatus.FAILED)
    make_portrait(**own, recognisable=Recognisable.NO)
    make_portrait(**own, deleted_at=utcnow(), recognisable=Recognisable.NO)

    progress = order_lists.progress_of([order.id, empty.id])

    assert progress == {order.id: Progress(4, working=1, poor=2), empty.id: Progress()}


@pytest.mark.parametrize(
    "portrait",
    [
        {},
        {"status": PortraitStatus.PROCESSING},
        {"status": PortraitStatus.FAILED},
        {"recognisable": Recognisable.NO},
        {"recognisable": Recognisable.UNKNOWN},
        *({"rating": rating} for rating in range(1, 6)),
    ],
)
def test_rows_are_counted_as_the_database_counts_them(portrait: dict[str, Any]) -> None:
    order = make_order()
    own = [make_portrait(order_id=order.id, **portrait), make_portrait(order_id=order.id)]

    by_rows, counted = order_lists.progress_by(own), order_lists.progress_of([order.id])[order.id]

    assert (by_rows, by_rows.first) == (counted, counted.first)


def test_the_first_portrait_stands_for_the_order() -> None:
    order, empty = make_order(), make_order()
    own = {"order_id": order.id, "client_id": order.client_id}
    make_portrait(**own, deleted_at=utcnow())
    first = make_portrait(**own)
    make_portrait(**own)

    progress = order_lists.progress_of([order.id, empty.id])

    assert (progress[order.id].first, progress[empty.id].first) == (first.id, None)
    assert order_lists.progress_of([]) == {}
