"""Orders: found or made by number, never another client's."""

import pytest
from sqlalchemy import select

from tests.factories import OLGA, make_client, make_order
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditEntry, Order, utcnow
from vertex.services import orders

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
