"""A real SMTP server on this machine, that keeps what it takes."""

import datetime
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from tests.servers.vertex_server import free_port

HOST = "127.0.0.1"
_FOR = datetime.timedelta(days=2)


@dataclass
class Postbox:
    """What a server has taken, and what it refuses: `refusals` by recipient, in its own words."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    goodbye: str = "221 Bye"

    @property
    def messages(self) -> list[EmailMessage]:
        """The e-mails, as a mail program reads them."""
        return [message_from_bytes(raw, EmailMessage, policy=policy.default) for raw in self.raw]

    @property
    def settings(self) -> dict[str, Any]:
        """What a program that sends to this server has to know."""
        return {
            "smtp_host": HOST,
            "smtp_port": self.port,
            "smtp_security": "none",
            "smtp_from": "studio@example.com",
        }

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep an e-mail."""
        content = envelope.content
        self.raw.append(content if isinstance(content, bytes) else str(content).encode())
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        """Answer a goodbye, as politely as this server is."""
        return self.goodbye

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Let the studio in, by its password."""
        known = isinstance(data, LoginPassword) and data.password == b"letters"
        if known:
            self.users.append(data.login.decode())
        return AuthResult(success=known, handled=False)


@contextmanager
def taking_mail(certificate: Path | None = None, *, login: bool = False) -> Iterator[Postbox]:
    """A server that runs for as long as the block does; with a certificate it wants STARTTLS."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it says each step
    box = Postbox(port=free_port())
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options = {"tls_context": context, "require_starttls": True}
    if login:
        options |= {"authenticator": box.authenticate, "auth_required": True}
    controller = Controller(box, hostname=HOST, port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def make_certificate(path: Path) -> Path:
    """A certificate of this machine with its key, that a client may be told to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _FOR)
        .not_valid_after(now + _FOR)
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
