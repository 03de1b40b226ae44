"""The page of an order for its client: what is seen, and what is said, without any script."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.factories import OLGA, make_order, make_portrait, make_public_code, make_user
from tests.web.staff import Staff
from vertex.models import Order, OrderStatus, PortraitStatus, Recognisable, Role
from vertex.services import approvals, orders, passwords, studio
from vertex.services.approvals import Stand


@pytest.fixture
def order(vertex_app: Flask) -> Order:
    """An order with two portraits whose client is asked."""
    order = make_order(number="2026-0042")
    make_portrait(order_id=order.id, title="The twins", rating=5)
    make_portrait(order_id=order.id, title="", rating=2)
    approvals.ask(order.id, actor=OLGA)
    return order


def page_of(browser: FlaskClient, order: Order, query: str = "") -> TestResponse:
    return browser.get(f"/v/{orders.album_code(order.id)}/order{query}")


def answer(browser: FlaskClient, order: Order, **given: str) -> TestResponse:
    """Send one of the forms of the page, as it is shown."""
    page = page_of(browser, order)
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    form = {"answer": "approve", "seen": found[1] if found else "", **given}
    return browser.post(f"/v/{orders.album_code(order.id)}/order", data=form)


def stand(order: Order) -> Stand | None:
    standing = approvals.of_order(order.id)
    return standing.stand if standing else None


def test_it_shows_the_portraits_the_proof_and_how_far_it_is(
    browser: FlaskClient, order: Order
) -> None:
    page = page_of(browser, order)

    assert page.status_code == 200
    assert "The twins" in page.text
    assert "recognise this photo very well" in page.text
    assert "from near, and in good light" in page.text
    assert "We have your order." in page.text
    assert "Nothing is printed before you have approved it." in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert "X-Vertex-Keep" not in page.headers
    assert "<script" not in page.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": PortraitStatus.PROCESSING, "recognisable": Recognisable.UNKNOWN}, "prepared"),
        ({"recognisable": Recognisable.NO}, "will not recognise"),
        ({"rating": None}, "Phones will recognise this photo."),
    ],
)
def test_a_portrait_without_proof_is_honestly_described(
    vertex_app: Flask, browser: FlaskClient, given: dict[str, object], words: str
) -> None:
    order = make_order()
    make_portrait(order_id=order.id, **given)

    assert words in page_of(browser, order).text


def test_it_bears_the_studios_name_and_speaks_the_readers_language(
    browser: FlaskClient, order: Order
) -> None:
    studio.change(studio.Details(name="Lumen", accent="#1b5e7a"), version=0, actor=OLGA)

    page = page_of(browser, order, "?lang=ru").text

    assert "Lumen" in page
    assert "/v/studio/colours.css" in page
    assert "Пока вы не одобрите, ничего не печатается." in page
    assert 'order?lang=ru"' in page


def test_only_who_is_asked_is_promised_anything(vertex_app: Flask, browser: FlaskClient) -> None:
    order = make_order(status=OrderStatus.IN_PROGRESS)
    make_portrait(order_id=order.id)

    page = page_of(browser, order).text

    assert "We are working on your order." in page
    assert "before you have approved" not in page
    assert "<form" not in page


def test_approving_is_told_to_the_staff_and_shown_everywhere(
    browser: FlaskClient, order: Order, olga: Staff
) -> None:
    reply = answer(browser, order)

    assert (reply.status_code, reply.headers["Cache-Control"]) == (303, "no-store")
    page = page_of(browser, order).text
    assert "You have approved it." in page
    assert 'value="approve"' not in page
    for url in (f"/orders/{order.id}", "/orders", "/orders/board"):
        assert "Approved by the client" in olga.get(url).text, url
    told = "The client has approved order 2026-0042."
    assert told in olga.get("/notifications").text
    assert "<small>Client, " in olga.get(f"/orders/{order.id}").text


def test_a_change_is_asked_for_in_words_that_the_staff_read(
    browser: FlaskClient, order: Order, olga: Staff
) -> None:
    answer(browser, order, answer="change", message="Lighter, <b>please</b>")

    assert "Lighter, &lt;b&gt;please&lt;/b&gt;" in page_of(browser, order).text
    assert "Lighter, &lt;b&gt;please&lt;/b&gt;" in olga.get(f"/orders/{order.id}").text
    assert "The client asks for a change" in olga.get("/orders/board").text


@pytest.mark.parametrize(
    ("message", "words"),
    [("", "Please write what should be changed."), ("x" * 1001, "at most 1000 characters")],
)
def test_a_change_without_words_is_refused_at_its_field(
    browser: FlaskClient, order: Order, message: str, words: str
) -> None:
    reply = answer(browser, order, answer="change", message=message)

    assert reply.status_code == 422
    assert words in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert message[:100] in reply.text
    assert stand(order) is Stand.WAITING


def test_nobody_approves_what_has_changed_meanwhile(browser: FlaskClient, order: Order) -> None:
    reply = answer(browser, order, seen="0" * 64)

    assert reply.status_code == 409
    assert "Please look again." in reply.text
    assert stand(order) is Stand.WAITING


def test_what_changed_after_the_approval_is_said_and_can_be_approved_anew(
    browser: FlaskClient, order: Order, olga: Staff
) -> None:
    answer(browser, order)
    make_portrait(order_id=order.id)

    assert "Something has changed since you approved it." in page_of(browser, order).text
    assert "Changed since it was approved" in olga.get("/orders").text
    answer(browser, order)

    assert stand(order) is Stand.APPROVED


def test_what_is_printed_cannot_be_answered(vertex_app: Flask, browser: FlaskClient) -> None:
    order = make_order(status=OrderStatus.PRINTED)
    make_portrait(order_id=order.id)

    assert "<form" not in page_of(browser, order).text
    assert answer(browser, order).status_code == 409


def test_the_pin_comes_first_and_leads_back_here(vertex_app: Flask, browser: FlaskClient) -> None:
    order = make_order(pin_hash=passwords.hash_of("4711"))
    make_portrait(order_id=order.id, title="The twins")
    approvals.ask(order.id, actor=OLGA)
    code = orders.album_code(order.id)

    closed = browser.get(f"/v/{code}/order?lang=ru")
    assert closed.status_code == 403
    assert "The twins" not in closed.text
    assert answer(browser, order).status_code == 403
    action = re.search(r'action="([^"]+)"', closed.text)
    assert action
    address = action[1].replace("&amp;", "&")
    wrong = browser.post(address, data={"pin": "0000"})
    assert address.partition("?")[2] in wrong.text.replace("&amp;", "&")
    opened = browser.post(address, data={"pin": "4711"})

    assert opened.headers["Location"] == f"/v/{code}/order?lang=ru"
    assert "The twins" in browser.get(f"/v/{code}/order").text
    assert answer(browser, order).status_code == 303


def test_portraits_with_a_stricter_rule_are_counted_and_not_shown(
    browser: FlaskClient, order: Order
) -> None:
    make_portrait(order_id=order.id, title="Hidden", pin_hash=passwords.hash_of("1234"))

    page = page_of(browser, order).text

    assert "Hidden" not in page
    assert "1 more portrait of this order is not shown here." in page


def test_only_orders_have_such_a_page(vertex_app: Flask, browser: FlaskClient) -> None:
    code = make_public_code().code

    assert browser.get(f"/v/{code}/order").status_code == 404
    assert browser.post(f"/v/{code}/order", data={"answer": "approve"}).status_code == 404
    assert browser.get("/v/0000000000/order").status_code == 404


def test_a_code_typed_in_small_letters_is_understood(browser: FlaskClient, order: Order) -> None:
    code = orders.album_code(order.id)

    reply = browser.get(f"/v/{code.lower()}/order?lang=ru")

    if code != code.lower():
        assert reply.headers["Location"] == f"/v/{code}/order?lang=ru"


def test_an_answer_of_another_kind_is_no_answer(browser: FlaskClient, order: Order) -> None:
    assert answer(browser, order, answer="perhaps").status_code == 422
    assert stand(order) is Stand.WAITING


def test_answers_are_counted_by_order_and_address(make_app: MakeApp) -> None:
    app = make_app(answer_limit="2 per minute")
    with app.app_context():
        make_user(role=Role.ADMIN)
        order, browser = make_order(), app.test_client()
        make_portrait(order_id=order.id)
        approvals.ask(order.id, actor=OLGA)

        statuses = [answer(browser, order, answer="change", message="x").status_code for _ in "123"]

        assert statuses == [303, 303, 429]
        assert page_of(browser, order).status_code == 200
