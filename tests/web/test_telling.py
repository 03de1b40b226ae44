"""Messages to clients: written, sent with or without the PIN, and refused at the right field."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import make_client, make_order, make_portrait, make_public_code
from tests.servers.mail import Postbox, taking_mail
from tests.web.staff import Staff, make_staff
from vertex.extensions import db
from vertex.models import AuditEntry, Job, Letter, Order, Role
from vertex.services import approvals, audit, orders, passwords

PIN = "471193"


@pytest.fixture
def box() -> Iterator[Postbox]:
    with taking_mail() as box:
        yield box


@pytest.fixture
def studio(box: Postbox, make_app: MakeApp) -> Iterator[Flask]:
    app = make_app(public_url="https://photos.example.com", **box.settings)
    with app.app_context():
        yield app


@pytest.fixture
def pavel(studio: Flask) -> Staff:
    return make_staff(studio, "pavel")


@pytest.fixture
def order(studio: Flask) -> Order:
    client = make_client(name="Anna Petrova", email="anna@example.com")
    order = make_order(client_id=client.id, number="2026-0042", pin_hash=passwords.hash_of(PIN))
    make_portrait(order_id=order.id, client_id=client.id)
    return order


def send(staff: Staff, order_id: UUID, **given: str) -> tuple[int, str]:
    """Send what the form holds, but for what is given."""
    url = f"/orders/{order_id}/tell"
    form = {
        "once": staff.once(url),
        "kind": "share",
        "language": "en",
        "recipient": "anna@example.com",
        "subject": "Your portrait",
        "body": "Open {link}\nPIN: {pin}",
        **given,
    }
    reply = staff.post(url, form)
    return reply.status_code, reply.text


def test_the_message_is_there_in_both_languages(pavel: Staff, order: Order) -> None:
    english = pavel.get(f"/orders/{order.id}/tell").text
    russian = pavel.get(f"/orders/{order.id}/tell?kind=approve&language=ru").text

    code = orders.album_code(order.id)
    assert "Hello Anna Petrova," in english
    assert f"https://photos.example.com/v/{code}\n" in english
    assert "Здравствуйте, Anna Petrova!" in russian
    assert f"https://photos.example.com/v/{code}/order\n" in russian
    assert 'value="anna@example.com"' in english
    assert "PIN: {pin}" in english


def test_without_a_pin_there_is_no_place_for_one(pavel: Staff, studio: Flask) -> None:
    page = pavel.get(f"/orders/{make_order().id}/tell").text

    assert "{pin}" not in page
    assert 'name="pin"' not in page


def test_it_is_sent_with_the_pin_that_was_typed(pavel: Staff, order: Order, box: Postbox) -> None:
    status, _ = send(pavel, order.id, pin=" 4711 93")

    text = str(box.messages[0].get_body(("plain",)))
    code = orders.album_code(order.id)
    assert status == 303
    assert f"Open https://photos.example.com/v/{code}" in text
    assert f"PIN: {PIN}" in text
    assert {part.get_content_type() for part in box.messages[0].walk()} >= {"image/png"}
    event = audit.timeline(orders.subject_of(order.id))[0]
    assert event.entry.details == {"kind": "share", "pin": "told"}


@pytest.mark.parametrize("subject", ["Your PIN {pin}", f"Your PIN {PIN}"])
def test_a_subject_tells_no_pin(pavel: Staff, order: Order, box: Postbox, subject: str) -> None:
    status, page = send(pavel, order.id, pin=PIN, subject=subject)

    assert status == 422
    assert "A PIN does not belong in the subject" in page
    assert not box.messages


def test_a_pin_by_chance_is_not_said_to_be_told(pavel: Staff, order: Order) -> None:
    send(pavel, order.id, pin=PIN, body=f"Call +7 {PIN} or open {{link}}")

    event = audit.timeline(orders.subject_of(order.id))[0]
    assert event.entry.details["pin"] == "kept"


def test_the_pin_is_written_down_nowhere(pavel: Staff, order: Order) -> None:
    send(pavel, order.id, pin=PIN)

    for table in (Letter, Job, AuditEntry):
        for row in db.session.query(table):
            assert PIN not in str(vars(row))


def test_without_the_pin_its_line_is_left_out(pavel: Staff, order: Order, box: Postbox) -> None:
    send(pavel, order.id)

    assert "PIN" not in str(box.messages[0].get_body(("plain",)))
    event = audit.timeline(orders.subject_of(order.id))[0]
    assert event.entry.details["pin"] == "kept"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pin": "0000"}, "This is not the PIN that is set."),
        ({"recipient": "anna"}, "is not an e-mail address"),
        ({"recipient": "anna@example.com\r\nBcc: all@example.com"}, "is not an e-mail address"),
        ({"subject": " "}, "Please write something."),
        ({"body": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field_and_kept(
    pavel: Staff, order: Order, box: Postbox, given: dict[str, str], words: str
) -> None:
    status, page = send(pavel, order.id, **given)

    assert status == 422
    assert words in page.replace("&#39;", "'")
    assert box.raw == []
    assert db.session.query(Letter).count() == 0


def test_a_subject_of_several_lines_is_one_line(pavel: Staff, order: Order, box: Postbox) -> None:
    send(pavel, order.id, subject="Hi\r\nBcc: all@example.com")

    (message,) = box.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: all@example.com"


def test_sent_twice_it_is_one_letter(pavel: Staff, order: Order, box: Postbox) -> None:
    once = pavel.once(f"/orders/{order.id}/tell")

    first, second = (send(pavel, order.id, once=once)[0] for _ in range(2))

    assert (first, second, len(box.raw)) == (303, 409, 1)


def test_answers_go_to_the_studio_whose_name_it_bears(
    studio: Flask, order: Order, box: Postbox
) -> None:
    boss = make_staff(studio, "boss", Role.ADMIN)
    boss.post("/settings", {"name": "Lumen", "email": "hello@lumen.example.com", "version": "0"})

    send(boss, order.id)

    (message,) = box.messages
    assert message["From"] == "Lumen <studio@example.com>"
    assert message["Reply-To"] == "hello@lumen.example.com"


def test_a_portrait_is_told_by_its_own_code(pavel: Staff, order: Order, box: Postbox) -> None:
    portrait = make_portrait(order_id=order.id, client_id=order.client_id)
    code = make_public_code(portrait_id=portrait.id).code
    url = f"/portraits/{portrait.id}/tell"

    page = pavel.get(url).text
    form = {"kind": "share", "language": "en", "recipient": "a@example.com", "subject": "S"}
    pavel.post(url, {**form, "body": "{link} {pin}", "once": pavel.once(url), "pin": PIN})

    assert f"https://photos.example.com/v/{code}" in page
    assert f"/v/{code} {PIN}" in str(box.messages[0].get_body(("plain",)))
    assert pavel.get(f"{url}?kind=approve").status_code == 404


def test_asking_leads_to_the_message_and_withdrawing_back(pavel: Staff, order: Order) -> None:
    reply = pavel.post(f"/orders/{order.id}/approval/ask")
    assert reply.headers["Location"] == f"/orders/{order.id}/tell?kind=approve"
    assert "Waits for the client" in pavel.get(f"/orders/{order.id}").text

    pavel.post(f"/orders/{order.id}/approval/withdraw")

    assert approvals.of_order(order.id) is None
    assert "Waits for the client" not in pavel.get(f"/orders/{order.id}").text


def test_what_was_refused_for_good_is_shown_on_the_order(
    pavel: Staff, order: Order, box: Postbox
) -> None:
    box.refusals["anna@example.com"] = "550 No such mailbox"

    send(pavel, order.id)

    page = pavel.get(f"/orders/{order.id}").text
    assert "550 No such mailbox" in page
    assert "The e-mail to anna@example.com could not be sent." in pavel.get("/notifications").text


def test_without_a_server_the_page_says_so_and_offers_the_text(vertex_app: Flask) -> None:
    staff, order = make_staff(vertex_app), make_order()

    page = staff.get(f"/orders/{order.id}/tell").text

    assert "VERTEX_SMTP_HOST" in page
    assert 'name="recipient"' not in page
    assert "data-copy-text" in page


def test_a_new_pin_is_said_to_be_told_now(pavel: Staff, order: Order) -> None:
    pavel.post(f"/orders/{order.id}/rules", {"pin": "1234"})

    assert "Tell your client the new PIN" in pavel.get(f"/orders/{order.id}").text


def test_a_page_that_is_closed_is_said_to_be(pavel: Staff, order: Order) -> None:
    pavel.post(f"/orders/{order.id}/rules", {"paused": "y"})

    assert "cannot open the page now" in pavel.get(f"/orders/{order.id}").text


def test_printing_without_the_approval_is_asked_first(pavel: Staff, order: Order) -> None:
    approvals.ask(order.id, actor=audit.CLI)
    url = f"/orders/{order.id}/move"

    page = pavel.get(f"{url}?to=printed").text
    assert "You asked your client for approval, and have not got it" in page
    pavel.post(url, {"seen": "new", "to": "printed", "sure": "1"})

    page = pavel.get(f"/orders/{order.id}").text
    assert "Printed (without the client&#39;s approval)" in page
