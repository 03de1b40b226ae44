"""An e-mail as it is sent: plain text, the same as simple HTML, and the QR code within it."""

import re
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from html import escape
from uuid import UUID

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_QR = "qr"
_QR_SIZE = 180  # px
_ACCENT, _INK = "#a8401f", "#ffffff"
_PAGE = (
    "margin:0;padding:24px 12px;background:#f6f1ea;color:#2a211b;"
    "font:16px/1.55 -apple-system,'Segoe UI',Roboto,Arial,sans-serif"
)
_SHEET = "max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border-radius:12px"
_BUTTON = (
    "display:inline-block;padding:12px 28px;border-radius:999px;text-decoration:none;"
    "font-weight:600;background:{accent};color:{ink}"
)


@dataclass(frozen=True, slots=True)
class Words:
    """What an e-mail says; `button` is what stands on the link, `qr` a PNG or None."""

    subject: str
    text: str
    language: str
    link: str = ""
    button: str = ""
    studio: str = ""
    accent: str = ""
    ink: str = ""
    qr: bytes | None = None
    qr_text: str = ""


def compose(
    words: Words, *, sender: str, recipient: str, letter_id: UUID, reply_to: str = ""
) -> EmailMessage:
    """The e-mail; whatever is put into its headers is put into one line each."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address(sender, _one_line(words.studio))
    message["To"] = _address(recipient)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = _one_line(words.subject)
    message["Date"] = format_datetime(localtime())
    # the same if it is sent a second time after a breakdown: mail programs then show one
    message["Message-ID"] = f"<{letter_id}@{_ascii(sender).rpartition('@')[2]}>"
    message["Content-Language"] = words.language
    message.set_content(words.text)
    message.add_alternative(_html(words), subtype="html")
    if words.qr is not None:
        page = message.get_payload(1)
        page.add_related(  # type: ignore[union-attr]
            words.qr, "image", "png", cid=f"<{_QR}>", filename="qr.png", disposition="inline"
        )
    return message


def _html(words: Words) -> str:
    paragraphs = re.split(r"\n\s*\n", words.text.strip())
    parts = [f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs]
    if words.studio:
        name = escape(_one_line(words.studio))
        parts.insert(0, f'<p style="margin:0 0 20px;color:#6c5e53">{name}</p>')
    if words.link and words.button:
        style = _BUTTON.format(accent=words.accent or _ACCENT, ink=words.ink or _INK)
        link, button = escape(words.link), escape(words.button)
        parts.append(f'<p style="margin:28px 0"><a href="{link}" style="{style}">{button}</a></p>')
    if words.qr is not None:
        text = escape(words.qr_text)
        parts.append(
            f'<p><img src="cid:{_QR}" width="{_QR_SIZE}" height="{_QR_SIZE}" alt="{text}"></p>'
            f'<p style="color:#6c5e53;font-size:14px">{text}</p>'
        )
    language, title = escape(words.language), escape(_one_line(words.subject))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<title>{title}</title></head><body style="{_PAGE}"><div style="{_SHEET}">'
        f"{''.join(parts)}</div></body></html>"
    )


def _linked(paragraph: str) -> str:
    """The paragraph as HTML, with its addresses to be followed; long ones may break anywhere."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(paragraph):
        address = found[0].rstrip(".,;:!?)»”")
        parts.append(escape(paragraph[end : found.start()]))
        shown = escape(address)
        parts.append(f'<a href="{shown}" style="color:#a8401f;word-break:break-all">{shown}</a>')
        end = found.start() + len(address)
    parts.append(escape(paragraph[end:]))
    return "".join(parts).replace("\n", "<br>")


def _address(address: str, name: str = "") -> Address:
    return Address(display_name=name, addr_spec=_ascii(address))


def _ascii(address: str) -> str:
    """The address with its domain as servers of every age know it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
