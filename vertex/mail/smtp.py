"""The way to the server that takes our e-mail."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from vertex.mail.settings import MailSettings

_PATIENCE = 20  # s
_FOR_GOOD = 500  # codes from here on: asking again would not help


class MailError(Exception):
    """The e-mail was not taken; `for_good` where another attempt would not help."""

    def __init__(self, trouble: str, *, for_good: bool = False) -> None:
        super().__init__(trouble)
        self.for_good = for_good


def deliver(message: EmailMessage, settings: MailSettings) -> None:
    """Hand an e-mail over to the server, which answers for it from then on."""
    with _connected(settings) as server:
        try:
            server.send_message(message, from_addr=settings.smtp_from)
        except smtplib.SMTPRecipientsRefused as error:
            code, refusal = next(iter(error.recipients.values()))
            raise MailError(_said(code, refusal), for_good=code >= _FOR_GOOD) from None
        except smtplib.SMTPResponseException as error:
            words = _said(error.smtp_code, error.smtp_error)
            raise MailError(words, for_good=error.smtp_code >= _FOR_GOOD) from None


def trouble_with(settings: MailSettings) -> str | None:
    """What keeps us from sending e-mail, or None: everything is tried but the sending itself."""
    try:
        with _connected(settings) as server:
            server.noop()
    except MailError as error:
        return str(error)
    return None


@contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    try:
        with _hung_up(_opened(settings)) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_username:
                password = settings.smtp_password
                secret = password.get_secret_value() if password else ""
                server.login(settings.smtp_username, secret)
            yield server
    except smtplib.SMTPResponseException as error:
        raise MailError(_said(error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(str(error) or type(error).__name__) from None


@contextmanager
def _hung_up(server: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """Say goodbye in the end; what the server answers to that is of no account any more."""
    try:
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _opened(settings: MailSettings) -> smtplib.SMTP:
    # our own name is not looked up: that may take long, and few servers care
    ours = settings.smtp_from.rpartition("@")[2].encode("idna").decode()
    where = (settings.smtp_host, settings.smtp_port, ours)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=_PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(*where, timeout=_PATIENCE)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
