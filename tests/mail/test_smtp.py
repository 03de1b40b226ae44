"""The way to a real SMTP server: plain, by STARTTLS and with a password."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.servers.mail import Postbox, make_certificate, taking_mail
from tests.servers.vertex_server import free_port
from vertex.mail import MailError, MailSettings, Words, compose, deliver, trouble_with

LETTER = UUID(int=7)
WORDS = Words("Your portrait", "Look: https://photos.example.com/v/FNJNQFKB4E", "en")


def settings_of(box: Postbox, **given: Any) -> MailSettings:
    return MailSettings(**{**box.settings, **given})


def send(settings: MailSettings, recipient: str = "anna@example.com") -> None:
    message = compose(WORDS, sender=settings.smtp_from, recipient=recipient, letter_id=LETTER)
    deliver(message, settings)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made


def test_a_server_takes_it_as_it_was_written() -> None:
    with taking_mail() as box:
        send(settings_of(box))

    (message,) = box.messages
    assert (message["From"], message["To"]) == ("studio@example.com", "anna@example.com")
    assert message["Message-ID"] == f"<{LETTER}@example.com>"


def test_what_was_taken_is_sent_whatever_is_answered_to_the_goodbye() -> None:
    with taking_mail() as box:
        box.goodbye = "421 Too many letters today"
        send(settings_of(box))

    assert len(box.messages) == 1


def test_starttls_and_the_password_come_before_the_letter(certificate: Path) -> None:
    with taking_mail(certificate, login=True) as box:
        settings = settings_of(
            box, smtp_security="starttls", smtp_username="olga", smtp_password="letters"
        )
        assert trouble_with(settings) is None
        send(settings)

    assert box.encrypted == [True]
    assert box.users == ["olga", "olga"]


def test_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with taking_mail(make_certificate(tmp_path / "unknown.pem")) as box:
        settings = settings_of(box, smtp_security="starttls")
        trouble = trouble_with(settings)
        with pytest.raises(MailError, match="certificate verify failed"):
            send(settings)

    assert trouble and "certificate verify failed" in trouble
    assert box.raw == []


def test_a_server_without_encryption_gets_nothing_that_wants_it() -> None:
    with taking_mail() as box, pytest.raises(MailError, match="STARTTLS") as error:
        send(settings_of(box, smtp_security="starttls"))

    assert not error.value.for_good
    assert box.raw == []


def test_a_wrong_password_may_be_mended(certificate: Path) -> None:
    with taking_mail(certificate, login=True) as box:
        settings = settings_of(
            box, smtp_security="starttls", smtp_username="olga", smtp_password="wrong"
        )
        with pytest.raises(MailError, match="535") as error:
            send(settings)

    assert not error.value.for_good


@pytest.mark.parametrize(
    ("answer", "for_good"),
    [("550 No such mailbox", True), ("451 Come back later", False)],
)
def test_a_refusal_is_for_good_or_for_now(answer: str, for_good: bool) -> None:
    with taking_mail() as box:
        box.refusals["anna@example.com"] = answer
        with pytest.raises(MailError) as error:
            send(settings_of(box))

    assert (str(error.value), error.value.for_good) == (answer, for_good)


def test_nobody_there_is_trouble_that_may_pass() -> None:
    settings = MailSettings(
        smtp_host="127.0.0.1",
        smtp_port=free_port(),
        smtp_security="none",
        smtp_from="a@example.com",
    )

    assert "refused" in str(trouble_with(settings))
    with pytest.raises(MailError) as error:
        send(settings)
    assert not error.value.for_good


@pytest.mark.parametrize("given", [{}, {"smtp_from": "Studio <a@example.com>"}])
def test_a_server_needs_a_sender(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="smtp_from"):
        MailSettings(smtp_host="mail.example.com", **given)  # type: ignore[arg-type]
