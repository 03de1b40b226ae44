"""The pages of orders, as the staff use them."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.factories import make_client, make_order, make_portrait, make_public_code
from tests.web.staff import Staff, make_staff
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client, Order, OrderStatus, Recognisable
from vertex.services import order_moves, orders, saved_views, visits
from vertex.services.audit import CLI
from vertex.web.orders import today

FORM = {
    "client": "Анна Семёнова",
    "phone": "+7 916 123-45-67",
    "number": "2026-0042",
    "product": "A3 canvas",
    "price": "1 500,50",
    "deposit": "500",
    "paid": "",
    "due_on": "2026-12-24",
    "assignee_id": "",
    "notes": "matt paper",
}
HTTPS = {"public_url": "https://ar.example.com"}


def create(staff: Staff, **given: str) -> TestResponse:
    once = staff.once("/orders/new")
    return staff.post("/orders/new", {**FORM, "once": once, **given}, target="order_form")


def only_order() -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order)).one()


def counted(model: type[Client | Order]) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


def error_at(page: TestResponse, field: str) -> str:
    found = re.search(rf'<p class="wrong" id="{field}_error">([^<]*)</p>', page.text)
    assert found, page.text
    return html.unescape(found.group(1))


def value_of(page: TestResponse, field: str) -> str:
    found = re.search(rf'<input[^>]*id="{field}"[^>]*value="([^"]*)"', page.text)
    assert found, field
    return html.unescape(found.group(1))


class TestCreate:
    def test_takes_in_the_order_with_its_client(self, olga: Staff) -> None:
        reply = create(olga, assignee_id=str(olga.user.id))

        order = only_order()
        assert reply.headers["HX-Redirect"] == f"/orders/{order.id}"
        assert (order.client.name, order.client.phone) == ("Анна Семёнова", "+79161234567")
        assert (order.price, order.deposit, order.paid) == (150_050, 50_000, 0)
        assert (order.due_on, order.assignee_id) == (date(2026, 12, 24), olga.user.id)
        page = olga.get(f"/orders/{order.id}").text
        assert "€1,500.50" in page
        assert "Order 2026-0042 is saved." in page

    def test_works_without_scripts(self, olga: Staff) -> None:
        form = {**FORM, "once": olga.once("/orders/new")}

        reply = olga.post("/orders/new", form)

        assert (reply.status_code, reply.headers["Location"]) == (303, f"/orders/{only_order().id}")

    def test_suggests_the_next_number(self, olga: Staff) -> None:
        make_order(number=f"{today().year}-0041")

        assert value_of(olga.get("/orders/new"), "number") == f"{today().year}-0042"

    def test_is_for_a_client_who_is_chosen(self, olga: Staff) -> None:
        anna = make_client(name="Anna")
        page = olga.get(f"/orders/new?client_of={anna.id}")
        assert "Anna" in page.text
        assert 'name="phone"' not in page.text

        create(olga, client_id=str(anna.id), client="", phone="")

        assert only_order().client_id == anna.id
        assert counted(Client) == 1

    def test_offers_clients_who_may_be_meant(self, olga: Staff) -> None:
        make_client(name="Анна Семёнова", phone="+79161234567")

        part = olga.get("/orders/new?client=анна&phone=", target="known_clients")

        assert "Анна Семёнова" in part.text
        assert "<!doctype" not in part.text

    def test_a_copy_begins_with_what_was_agreed(self, olga: Staff) -> None:
        client = make_client(name="Anna")
        agreed = {"product": "Album", "price": 10_000, "paid": 10_000, "due_on": date(2026, 1, 1)}
        order = make_order(number="A17", client_id=client.id, notes="matt", **agreed)

        page = olga.get(f"/orders/new?copy_of={order.id}")

        assert value_of(page, "product") == "Album"
        assert value_of(page, "price") == "100.00"
        assert (value_of(page, "paid"), value_of(page, "due_on")) == ("", "")
        assert value_of(page, "number") != "A17"
        assert "matt" in page.text
        assert f'name="client_id" value="{client.id}"' in page.text

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("client", " ", "name"),
            ("client", "x" * 121, "characters"),
            ("phone", "12", "not a phone number"),
            ("number", "", "1 to 40"),
            ("number", "x" * 41, "1 to 40"),
            ("product", "x" * 121, "120"),
            ("price", "much", "not an amount"),
            ("deposit", "-5", "not an amount"),
            ("paid", "1.234", "not an amount"),
            ("paid", "99999999999", "too large"),
            ("due_on", "tomorrow", "choose a day"),
            ("due_on", "2026-02-30", "choose a day"),
            ("assignee_id", "00000000-0000-7000-8000-000000000000", "one of the staff"),
            ("assignee_id", "x", "one of the staff"),
            ("notes", "x" * 5001, "5000"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_left(
        self, olga: Staff, field: str, typed: str, sentence: str
    ) -> None:
        reply = create(olga, **{field: typed})

        assert reply.status_code == 422
        assert sentence in error_at(reply, field)
        assert (counted(Order), counted(Client)) == (0, 0)

    def test_all_that_is_wrong_is_told_at_once(self, olga: Staff) -> None:
        reply = create(olga, phone="1", price="x", due_on="x")

        assert error_at(reply, "phone")
        assert error_at(reply, "price")
        assert error_at(reply, "due_on")

    def test_a_number_that_is_taken_is_told_at_its_field(self, olga: Staff) -> None:
        make_order(number="2026-0042")

        reply = create(olga)

        assert error_at(reply, "number") == "There is an order 2026-0042 already."
        assert counted(Order) == 1

    def test_the_phone_of_somebody_else_is_told_at_its_field(self, olga: Staff) -> None:
        make_client(name="Boris", phone="+79161234567")

        reply = create(olga)

        assert "Boris" in error_at(reply, "phone")
        assert (counted(Order), counted(Client)) == (0, 1)

    def test_a_form_sent_twice_makes_one_and_leads_to_it(self, olga: Staff) -> None:
        once = olga.once("/orders/new")
        create(olga, once=once)

        reply = create(olga, once=once, number="2", phone="+79161234567")

        assert reply.status_code == 409
        assert f"/orders/{only_order().id}" in reply.text

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [("price", "x", "not an amount"), ("number", "A17", "already"), ("due_on", "x", "a day")],
    )
    def test_a_field_is_judged_when_it_is_left(
        self, olga: Staff, field: str, typed: str, sentence: str
    ) -> None:
        make_order(number="A17")

        part = olga.post("/orders/check", {**FORM, "field": field, field: typed}, target="x")

        assert sentence in error_at(part, field)

    def test_a_field_that_is_right_says_nothing(self, olga: Staff) -> None:
        part = olga.post("/orders/check", {**FORM, "field": "price"}, target="x")

        assert error_at(part, "price") == ""

    def test_only_fields_of_the_form_are_judged(self, olga: Staff) -> None:
        assert olga.post("/orders/check", {"field": "csrf_token"}).status_code == 422


class TestEdit:
    def test_changes_what_was_agreed(self, olga: Staff) -> None:
        order = make_order(price=100)

        form = {**FORM, "number": "B1", "version": "1"}
        reply = olga.post(f"/orders/{order.id}/edit", form, target="order_form")

        assert reply.headers["HX-Redirect"] == f"/orders/{order.id}"
        changed = only_order()
        assert (changed.number, changed.price, changed.version) == ("B1", 150_050, 2)
        assert "Order changed" in olga.get(f"/orders/{order.id}").text

    def test_shows_what_there_is(self, olga: Staff) -> None:
        order = make_order(number="A17", price=123_45, due_on=date(2026, 5, 1))

        page = olga.get(f"/orders/{order.id}/edit")

        shown = [value_of(page, name) for name in ("number", "price", "due_on")]
        assert shown == ["A17", "123.45", "2026-05-01"]

    def test_who_comes_second_sees_both_texts(self, olga: Staff) -> None:
        order = make_order(number="A17", notes="glossy", version=2)
        form = {**FORM, "number": "A17", "notes": "matt", "version": "1"}

        reply = olga.post(f"/orders/{order.id}/edit", form, target="order_form")

        assert reply.status_code == 409
        assert "glossy" in reply.text
        assert "matt" in reply.text
        again = {**form, "version": value_of(reply, "version")}
        assert olga.post(f"/orders/{order.id}/edit", again).status_code == 303
        assert only_order().notes == "matt"

    def test_refuses_at_the_field(self, olga: Staff) -> None:
        make_order(number="A17")
        order = make_order(number="B1")

        reply = olga.post(f"/orders/{order.id}/edit", {**FORM, "number": "A17", "version": "1"})

        assert reply.status_code == 422
        assert "already" in error_at(reply, "number")


class TestIndex:
    def test_shows_what_there_is_to_do(self, pavel: Staff) -> None:
        make_order(number="open-1", price=100, due_on=today() - timedelta(days=1))
        make_order(number="done-1", status=OrderStatus.DELIVERED)

        page = pavel.get("/orders").text

        assert "open-1" in page
        assert "Overdue:" in page
        assert "Upload the portraits" in page
        assert "done-1" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("all=1", {"late", "soon", "hers", "owing", "done"}),
            ("due=overdue", {"late"}),
            ("due=week", {"soon"}),
            ("owing=1", {"owing"}),
            ("status=delivered", {"done"}),
            ("q=late", {"late"}),
            ("q=done", {"done"}),
        ],
    )
    def test_filters_are_in_the_address(self, olga: Staff, query: str, shown: set[str]) -> None:
        make_order(number="late", due_on=today() - timedelta(days=3))
        make_order(number="soon", due_on=today() + timedelta(days=3))
        make_order(number="hers", assignee_id=olga.user.id)
        make_order(number="owing", price=100)
        make_order(number="done", status=OrderStatus.DELIVERED)

        page = olga.get(f"/orders?{query}").text

        named = set(re.findall(r"<small>(\w+)</small>", page))
        assert named == shown
        assert olga.get(f"/orders?who={olga.user.id}").text.count("<tr id=") == 1

    def test_typing_swaps_only_the_rows(self, olga: Staff) -> None:
        make_order(number="A17")

        part = olga.get("/orders?q=A17", target="order_rows")

        assert part.text.strip().startswith('<div id="order_rows"')

    def test_pages_go_to_the_end_with_their_filters(self, olga: Staff) -> None:
        client, numbers = make_client(), set()
        for n in range(35):
            make_order(number=f"N{n:02}", client_id=client.id, price=100)

        url: str | None = "/orders?owing=1"
        while url:
            part = olga.get(url, target="order_more")
            numbers |= set(re.findall(r"N\d\d", part.text))
            found = re.search(r'hx-get="(/orders\?[^"]*after[^"]*)"', part.text)
            url = html.unescape(found.group(1)) if found else None
            assert url is None or "owing=1" in url

        assert len(numbers) == 35

    @pytest.mark.parametrize(
        "query", ["status=x", "due=x", "who=x", "after=x", "status=%00", "due=overdue&due=x"]
    )
    def test_what_makes_no_sense_is_no_error_of_ours(self, olga: Staff, query: str) -> None:
        assert olga.get(f"/orders?{query}").status_code in (200, 404)


class TestShow:
    def test_shows_portraits_rules_visits_and_what_happened(self, olga: Staff) -> None:
        create(olga)
        order = only_order()
        portrait = make_portrait(order_id=order.id, client_id=order.client_id)
        code = make_public_code(portrait_id=portrait.id).code
        told = {"visit": "0" * 32, "camera": True, "found": 900, "watched": 1500}
        visits.note(code, told)

        page = olga.get(f"/orders/{order.id}").text

        assert f"/portraits/{portrait.id}" in page
        assert "Order taken in" in page
        assert "Print recognised" in page
        assert orders.album_code(order.id) in page
        assert "Try it on a phone" not in page
        assert "Begin" in page

    def test_says_what_to_do_where_a_portrait_is_not_recognised(self, olga: Staff) -> None:
        order = make_order()
        make_portrait(order_id=order.id, client_id=order.client_id, recognisable=Recognisable.NO)

        assert "Look at what is poorly recognised" in olga.get(f"/orders/{order.id}").text

    def test_one_in_the_bin_is_not_there(self, olga: Staff) -> None:
        order = make_order()
        olga.post(f"/orders/{order.id}/delete")

        assert olga.get(f"/orders/{order.id}").status_code == 404

    def test_sets_rules_for_all_its_portraits(self, olga: Staff) -> None:
        order = make_order()

        reply = olga.post(
            f"/orders/{order.id}/rules", {"pin": "2468", "paused": "y"}, target="rules_form"
        )

        assert reply.headers["HX-Redirect"] == f"/orders/{order.id}"
        changed = only_order()
        assert changed.paused
        assert changed.pin_hash is not None
        assert "There is a PIN." in olga.get(f"/orders/{order.id}").text

    def test_refuses_rules_at_their_field(self, olga: Staff) -> None:
        order = make_order()

        reply = olga.post(f"/orders/{order.id}/rules", {"pin": "12"}, target="rules_form")

        assert reply.status_code == 422
        assert error_at(reply, "pin")
        assert only_order().pin_hash is None

    def test_a_clients_page_lists_them(self, olga: Staff) -> None:
        order = make_order(number="A17")

        assert f"/orders/{order.id}" in olga.get(f"/clients/{order.client_id}").text


class TestMoves:
    def test_goes_on_with_a_way_back(self, olga: Staff) -> None:
        order = make_order(number="A17")
        form = {"seen": "new", "to": "in_progress"}

        reply = olga.post(f"/orders/{order.id}/move", form, target="x")

        assert only_order().status is OrderStatus.IN_PROGRESS
        assert "orders-changed" in reply.headers["HX-Trigger"]
        undo = re.search(r'hx-post="([^"]*/move[^"]*)"', reply.text)
        assert undo
        olga.post(html.unescape(undo.group(1)), target="x")
        assert only_order().status is OrderStatus.NEW

    def test_works_without_scripts(self, olga: Staff) -> None:
        order = make_order()
        form = {"seen": "new", "to": "in_progress", "back": "/orders/board"}

        reply = olga.post(f"/orders/{order.id}/move", form)

        assert (reply.status_code, reply.headers["Location"]) == (303, "/orders/board")
        assert "In progress" in olga.get("/orders/board").text

    def test_leads_back_to_no_other_site(self, olga: Staff) -> None:
        order = make_order()
        form = {"seen": "new", "to": "in_progress", "back": "//evil.example"}

        assert olga.post(f"/orders/{order.id}/move", form).headers["Location"] == "/"

    def test_what_is_final_is_asked_with_a_summary_first(self, make_app: MakeApp) -> None:
        with make_app(**HTTPS).app_context() as context:
            staff = make_staff(context.app)
            order = make_order(status=OrderStatus.READY, price=10_000, paid=2_500)
            form = {"seen": "ready", "to": "printed"}

            reply = staff.post(f"/orders/{order.id}/move", form, target="x")
            assert only_order().status is OrderStatus.READY
            page = staff.get(reply.headers["HX-Redirect"])
            assert "€75.00" in page.text
            assert "This order has no portrait." in page.text
            staff.post(f"/orders/{order.id}/move", {**form, "sure": "1"})

            assert only_order().status is OrderStatus.PRINTED
            shown = staff.get(f"/orders/{order.id}").text
            assert "Undo" not in shown
            assert "Print again" in shown

    def test_nothing_is_printed_while_the_address_works_here_only(self, olga: Staff) -> None:
        order = make_order(status=OrderStatus.READY)
        form = {"seen": "ready", "to": "printed", "sure": "1"}

        reply = olga.post(f"/orders/{order.id}/move", form, target="x")
        page = olga.get(f"/orders/{order.id}/move?to=printed")

        assert (reply.status_code, page.status_code) == (409, 409)
        assert "VERTEX_PUBLIC_URL" in reply.text
        assert only_order().status is OrderStatus.READY

    def test_who_sees_it_elsewhere_is_told_and_shown_anew(self, olga: Staff) -> None:
        order = make_order(status=OrderStatus.READY)

        reply = olga.post(
            f"/orders/{order.id}/move", {"seen": "new", "to": "in_progress"}, target="x"
        )

        assert reply.status_code == 409
        assert "orders-changed" in reply.headers["HX-Trigger"]

    @pytest.mark.parametrize("form", [{}, {"seen": "new"}, {"seen": "new", "to": "x"}])
    def test_what_is_no_move_is_refused(self, olga: Staff, form: dict[str, str]) -> None:
        order = make_order()

        assert olga.post(f"/orders/{order.id}/move", form).status_code == 404

    def test_the_board_follows(self, olga: Staff) -> None:
        order = make_order(number="A17")

        order_moves.move(
            order.id, OrderStatus.READY, seen=OrderStatus.NEW, sure=True, printable=True, actor=CLI
        )

        part = olga.get("/orders/board", target="board").text
        column = part[part.index('data-column="ready"') : part.index('data-column="printed"')]
        assert "A17" in column

    def test_a_long_column_of_the_board_shows_more_when_asked(self, olga: Staff) -> None:
        for number in range(18):
            make_order(number=f"A{number:02}")
        make_order(number="B1", status=OrderStatus.READY)

        def cards(url: str) -> int:
            return olga.get(url).text.count("data-card")

        assert cards("/orders/board") == 12 + 1
        assert 'href="/orders/board?whole=new"' in olga.get("/orders/board").text
        assert cards("/orders/board?whole=new") == 18 + 1
        assert 'href="/orders/board?whole=new"' not in olga.get("/orders/board?whole=new").text
        assert cards("/orders/board?whole=ready") == 12 + 1
        # a move leads back to the board as it was
        whole = olga.get("/orders/board?whole=new").text
        assert 'name="back" value="/orders/board?whole=new"' in whole
        assert 'hx-get="/orders/board?whole=new"' in whole
        assert olga.get("/orders/board?whole=x").status_code == 404

    def test_is_recorded_with_address_and_request(self, olga: Staff) -> None:
        order = make_order()
        olga.post(f"/orders/{order.id}/move", {"seen": "new", "to": "in_progress"})

        query = select(AuditEntry).where(AuditEntry.action == AuditAction.ORDER_MOVED)
        entry = db.session.scalars(query).one()
        assert (entry.actor, entry.ip) == (f"user:{olga.user.id}", "127.0.0.1")
        assert "Order moved: In progress" in olga.get(f"/orders/{order.id}").text


class TestBin:
    def test_there_and_back(self, olga: Staff) -> None:
        order = make_order(number="A17")
        olga.post(f"/orders/{order.id}/delete")

        listed = olga.get("/orders?bin=1").text
        assert "A17" in listed
        assert f'href="/orders/{order.id}"' not in listed
        reply = olga.post(f"/orders/{order.id}/restore", target="x")

        assert "orders-restored" in reply.headers["HX-Trigger"]
        assert olga.get(f"/orders/{order.id}").status_code == 200

    def test_a_client_with_orders_is_told_why_they_stay(self, olga: Staff) -> None:
        order = make_order()

        reply = olga.post(f"/clients/{order.client_id}/delete")

        assert reply.status_code == 409
        assert "orders" in reply.text

    def test_its_album_shows_nothing(self, vertex_app: Flask, olga: Staff) -> None:
        order = make_order()
        portrait = make_portrait(order_id=order.id, client_id=order.client_id)
        make_public_code(portrait_id=portrait.id)
        code = orders.album_code(order.id)
        stranger = vertex_app.test_client()
        assert stranger.get(f"/v/{code}").status_code == 200

        olga.post(f"/orders/{order.id}/delete")

        assert stranger.get(f"/v/{code}").status_code in (404, 410)


class TestPortraits:
    def test_a_portrait_is_taken_in_for_its_order(self, olga: Staff) -> None:
        order = make_order(number="A17")

        page = olga.get(f"/portraits/new?order_of={order.id}").text

        assert f'name="order_id" value="{order.id}"' in page
        assert "Order A17" in page
        assert 'name="phone"' not in page

    def test_a_pin_of_the_order_is_asked_on_the_portraits_page(self, olga: Staff) -> None:
        order = make_order()
        portrait = make_portrait(order_id=order.id, client_id=order.client_id)
        code = make_public_code(portrait_id=portrait.id).code
        olga.post(f"/orders/{order.id}/rules", {"pin": "2468"})

        stranger = olga.client.application.test_client()

        assert 'name="pin"' in stranger.get(f"/v/{code}").text


def test_who_changes_rules_second_is_told_and_sees_them(vertex_app: Flask) -> None:
    olga, pavel = make_staff(vertex_app, "olga"), make_staff(vertex_app, "pavel")
    order = make_order()
    url = f"/orders/{order.id}"

    def seen(staff: Staff) -> str:
        rules = staff.get(url).text.partition('<form id="rules_form"')[2].partition("</form>")[0]
        found = re.search(r'name="seen"[^>]*value="([^"]+)"', rules)
        assert found
        return found.group(1)

    both = seen(olga)
    assert seen(pavel) == both
    assert olga.post(f"{url}/rules", {"seen": both, "pin": "1234"}).status_code == 303

    late = pavel.post(f"{url}/rules", {"seen": both, "paused": "y"}, target="rules_form")

    assert late.status_code == 409
    assert "Somebody else has changed this meanwhile." in late.text
    assert "<dt>PIN</dt><dd>set</dd>" in late.text
    again = pavel.post(f"{url}/rules", {"seen": seen(pavel), "paused": "y"})
    assert again.status_code == 303
    assert orders.get(order.id).pin_hash is not None
    assert orders.get(order.id).paused


def test_a_view_is_saved_named_used_and_removed(vertex_app: Flask) -> None:
    olga, pavel = make_staff(vertex_app, "olga"), make_staff(vertex_app, "pavel")
    make_order(number="2026-0001", status=OrderStatus.READY)
    make_order(number="2026-0002", status=OrderStatus.NEW)
    filtered = "/orders?status=ready&who=" + str(pavel.user.id)
    offer = "/orders/views/new?status=ready&amp;who=" + str(pavel.user.id)
    assert offer in olga.get(filtered, target="order_rows").text
    address = html.unescape(offer)
    assert "pavel" in olga.get(address).text

    refused = olga.post(address, {"name": " "}, target="view_form")
    assert (refused.status_code, error_at(refused, "name")) == (
        422,
        "Please give the view a name.",
    )
    saved = olga.post(address, {"name": "For Pavel"}, target="view_form")
    assert saved.headers["HX-Redirect"] == filtered

    page = olga.get(filtered)
    tab = re.search(r'<a class="own" href="([^"]+)"( aria-current="page")?>', page.text)
    assert tab and tab.group(2) and html.unescape(tab.group(1)) == filtered
    assert offer not in page.text
    assert 'class="own"' not in pavel.get("/orders").text
    twice = olga.post(address, {"name": "For Pavel"}, target="view_form")
    assert (twice.status_code, error_at(twice, "name")) == (
        409,
        "There is a view “For Pavel” already.",
    )

    remove = re.search(r'action="(/orders/views/[^"]+/delete)"', page.text)
    assert remove
    assert pavel.post(remove.group(1)).status_code == 404
    assert olga.post(remove.group(1)).status_code == 303
    listed = olga.get("/orders").text
    assert 'class="own"' not in listed
    undo = re.search(r'action="(/orders/views/[^"]+/restore)"', listed)
    assert undo
    assert olga.post(undo.group(1), target="x").headers["HX-Redirect"] == filtered
    assert 'class="own"' in olga.get("/orders").text


@pytest.mark.parametrize("query", ["status=flying", "due=never", "who=me"])
def test_a_view_of_filters_that_are_none_of_ours_is_not_saved(
    vertex_app: Flask, query: str
) -> None:
    olga = make_staff(vertex_app)

    reply = olga.post(f"/orders/views/new?{query}", {"name": "Odd"})

    assert reply.status_code == 404
    assert not saved_views.of_user(olga.user.id)


@pytest.mark.parametrize(("count", "left_out"), [(50, None), (51, "1 more is"), (53, "3 more are")])
def test_more_portraits_than_an_album_holds_are_told_of(
    olga: Staff, count: int, left_out: str | None
) -> None:
    order = make_order()
    for _ in range(count):
        make_portrait(order_id=order.id)

    page = olga.get(f"/orders/{order.id}").text

    assert ("The code knows the 50 oldest portraits" in page) is bool(left_out)
    if left_out:
        assert f"{left_out} not in the album" in page
