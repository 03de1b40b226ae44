"""What an e-mail holds, as a mail program reads it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from vertex.mail import Words, compose

LINK = "https://photos.example.com/v/FNJNQFKB4E"
QR = b"\x89PNG the code"


def read(recipient: str = "anna@example.com", reply_to: str = "", **given: Any) -> EmailMessage:
    words = Words(**{"subject": "Hello", "text": f"Look:\n{LINK}", "language": "en", **given})
    composed = compose(
        words,
        sender="studio@example.com",
        recipient=recipient,
        letter_id=UUID(int=7),
        reply_to=reply_to,
    )
    return message_from_bytes(composed.as_bytes(), EmailMessage, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_reads_the_same_plain_and_as_a_page() -> None:
    message = read(text=f"Здравствуйте, Анна!\n\nЖдём вас: {LINK}.", language="ru", studio="Свет")

    assert body(message, "plain").startswith("Здравствуйте, Анна!")
    page = body(message, "html")
    assert "<p>Здравствуйте, Анна!</p>" in page
    assert f'<a href="{LINK}"' in page
    assert f"{LINK}</a>." in page
    assert '<html lang="ru">' in page
    assert message["From"] == "Свет <studio@example.com>"


def test_the_code_is_shown_within_it() -> None:
    message = read(qr=QR, qr_text="Scan it")

    (page,) = [part for part in message.walk() if part.get_content_type() == "text/html"]
    (image,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert image.get_content() == QR
    assert f"cid:{image['Content-ID'].strip('<>')}" in str(page.get_content())
    assert image.get_content_disposition() == "inline"


def test_no_text_becomes_a_header_or_a_tag() -> None:
    evil = "Hi\r\nBcc: everybody@example.com\n\n<script>alert(1)</script>"

    message = read(subject=evil, studio=evil, text=evil, button=evil, link='"><b>', qr_text=evil)

    assert message["Bcc"] is None
    assert "Bcc: everybody@example.com" in message["Subject"]
    assert "Bcc" in message["From"].addresses[0].display_name
    assert "<script>" not in body(message, "html")
    assert "<b>" not in body(message, "html")


def test_answers_go_to_the_studio() -> None:
    assert read(reply_to="olga@example.com")["Reply-To"] == "olga@example.com"


def test_a_domain_of_another_script_is_written_as_every_server_knows_it() -> None:
    assert read(recipient="anna@фото.рф")["To"] == "anna@xn--n1aalg.xn--p1ai"
