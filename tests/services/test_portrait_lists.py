"""Portraits found, filtered, listed to the end, and edited."""

from typing import Any
from uuid import UUID

import pytest

from tests.factories import OLGA, make_client, make_order, make_portrait, make_video
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.models import OrderStatus, PortraitStatus, Recognisable, utcnow
from vertex.services import dashboard, order_lists, portrait_changes, portrait_lists, portraits
from vertex.services.order_moves import Progress, Step, step_of
from vertex.services.portrait_lists import Only, Wish

pytestmark = pytest.mark.usefixtures("vertex_app")


def found(**wished: Any) -> list[str]:
    """The titles of all portraits wished for, page after page."""
    titles: list[str] = []
    after: UUID | None = None
    while True:
        page = portrait_lists.search(Wish(**wished), after=after)
        titles += [portrait.title for portrait in page.portraits]
        if page.after is None:
            return titles
        after = page.after


class TestSearch:
    @pytest.mark.parametrize(
        "typed", ["Свадьба", "свадьба 2026", "СЕМЁНОВА", "семенова", "9161234567", "8 916 123",
                  "2026-0042", "Анна свадьба"],
    )  # fmt: skip
    def test_by_title_client_phone_and_order(self, typed: str) -> None:
        anna = make_client(name="Анна Семёнова", phone="+79161234567")
        order = make_order(number="2026-0042", client_id=anna.id)
        make_portrait(title="Свадьба", client_id=anna.id, order_id=order.id)
        other = make_client(name="Boris", phone="+12025550143")
        make_portrait(title="Birthday", client_id=other.id)

        assert found(typed=typed) == ["Свадьба"]

    def test_a_title_that_is_edited_is_found_by_what_it_says_now(self) -> None:
        portrait = make_portrait(title="Winter")

        portrait_changes.edit(portrait.id, title="Summer", order_id=None, version=1, actor=OLGA)

        assert found(typed="winter") == []
        assert found(typed="summer") == ["Summer"]

    def test_every_portrait_once_over_many_pages(self) -> None:
        client = make_client()
        titles = [make_portrait(title=f"P{n}", client_id=client.id).title for n in range(50)]

        assert found() == titles[::-1]

    def test_what_lies_in_the_bin_lies_apart(self) -> None:
        make_portrait(title="Here")
        make_portrait(title="There", deleted_at=utcnow())

        assert (found(), found(binned=True)) == (["Here"], ["There"])

    @pytest.mark.parametrize(
        ("only", "titles"),
        [
            (Only.UNRECOGNISABLE, ["failed", "no"]),
            (Only.POOR, ["two", "one"]),
            (Only.PROCESSING, ["working"]),
            (Only.NO_ORDER, ["loose"]),
            (Only.NO_VIDEO, ["working", "failed", "no", "five", "three", "two"]),
        ],
    )
    def test_by_what_may_have_to_be_done(self, only: Only, titles: list[str]) -> None:
        order = make_order()
        owner = {"client_id": order.client_id, "order_id": order.id}
        one = make_portrait(title="one", rating=1, **owner)
        two = make_portrait(title="two", rating=2, **owner)
        make_portrait(title="three", rating=3, **owner)
        make_portrait(title="five", rating=5, **owner)
        make_portrait(title="no", recognisable=Recognisable.NO, **owner)
        make_portrait(title="failed", status=PortraitStatus.FAILED, **owner)
        make_portrait(title="working", status=PortraitStatus.PROCESSING, **owner)
        loose = make_portrait(title="loose", client_id=order.client_id)
        make_video(portrait_id=one.id)
        make_video(portrait_id=loose.id)
        make_video(portrait_id=two.id, deleted_at=utcnow(), active=False)

        assert found(only=only) == titles

    def test_films_are_counted_without_those_in_the_bin(self) -> None:
        portrait, bare = make_portrait(), make_portrait()
        make_video(portrait_id=portrait.id)
        make_video(portrait_id=portrait.id, active=False)
        make_video(portrait_id=portrait.id, active=False, deleted_at=utcnow())

        page = portrait_lists.search(portrait_lists.Wish())

        counted = {found.id: found.video_count for found in page.portraits}
        assert counted == {portrait.id: 2, bare.id: 0}


class TestPoorProofs:
    def test_make_an_order_want_a_look(self) -> None:
        order = make_order(status=OrderStatus.READY)
        for rating in (1, 2, 3, 5, None):
            make_portrait(client_id=order.client_id, order_id=order.id, rating=rating)

        progress = order_lists.progress_of([order.id])[order.id]

        assert progress == Progress(portraits=5, working=0, poor=2)
        assert step_of(order.status, progress) is Step.LOOK

    def test_are_on_the_first_page(self) -> None:
        poor = make_portrait(rating=2)
        make_portrait(rating=3)

        assert list(dashboard.poor_portraits()) == [poor]


class TestEdit:
    def edit(self, portrait_id: UUID, **given: Any) -> None:
        values = {"title": "T", "order_id": None, "version": 1, **given}
        portrait_changes.edit(portrait_id, actor=OLGA, **values)

    def test_the_second_of_two_is_told(self) -> None:
        portrait = make_portrait()
        self.edit(portrait.id, title="Mine")

        with pytest.raises(ConflictError) as refusal:
            self.edit(portrait.id, title="Theirs")

        assert refusal.value.code == "changed_meanwhile"
        assert portraits.get(portrait.id).title == "Mine"

    def test_saving_what_is_there_changes_nothing(self) -> None:
        portrait = make_portrait(title="T")

        self.edit(portrait.id)

        assert portraits.get(portrait.id).version == 1

    def test_moves_it_to_an_order_of_its_client_and_out_again(self) -> None:
        portrait = make_portrait()
        order = make_order(client_id=portrait.client_id)

        self.edit(portrait.id, order_id=order.id)
        assert portraits.get(portrait.id).order_id == order.id
        self.edit(portrait.id, version=2)
        assert portraits.get(portrait.id).order_id is None

    def test_refuses_an_order_of_somebody_else(self) -> None:
        portrait, order = make_portrait(), make_order()

        with pytest.raises(InvalidError) as refusal:
            self.edit(portrait.id, order_id=order.id)

        assert (refusal.value.code, refusal.value.field) == ("order_of_another_client", "order_id")
        assert portraits.get(portrait.id).order_id is None
        assert portraits.get(portrait.id).version == 1

    def test_refuses_a_long_title(self) -> None:
        with pytest.raises(InvalidError) as refusal:
            self.edit(make_portrait().id, title="x" * 121)

        assert refusal.value.field == "title"

    def test_not_in_the_bin(self) -> None:
        with pytest.raises(NotFoundError):
            self.edit(make_portrait(deleted_at=utcnow()).id)
