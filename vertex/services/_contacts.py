"""How people are reached: phones and e-mail addresses in one form each."""

from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from vertex.errors import InvalidError

_LONGEST_SHOWN = 40
_LONGEST_WEBSITE = 200


def clean_phone(phone: str, *, field: str = "phone") -> str:
    """Return the number in E.164, or raise InvalidError if nobody can have it."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        raise _no_phone(phone, field) from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise _no_phone(phone, field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_email(email: str, *, field: str = "email") -> str:
    """Return the address in the form in which addresses are compared, or raise InvalidError."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        shown = email.strip()[:_LONGEST_SHOWN]
        raise InvalidError("email_malformed", field=field, email=shown) from None
    return checked.normalized.lower()


def clean_website(website: str, *, field: str = "website") -> str:
    """Return the address with its scheme, https where none was typed, or raise InvalidError."""
    typed = website.strip()
    address = typed if "://" in typed else f"https://{typed}"
    if len(address) > _LONGEST_WEBSITE:
        raise InvalidError("website_long", field=field, limit=_LONGEST_WEBSITE)
    if not _is_public(address):
        raise InvalidError("website_malformed", field=field, website=typed[:_LONGEST_SHOWN])
    return address


def _is_public(address: str) -> bool:
    """Whether a browser can open this from anywhere: a web address of a host with a domain."""
    if not address.isprintable() or any(sign in address for sign in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:  # what has no place in a host's name, or in a port
        return False
    web = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return web and "." in host.strip(".") and not host.startswith(".")


def _no_phone(phone: str, field: str) -> InvalidError:
    return InvalidError("phone_invalid", field=field, phone=phone[:_LONGEST_SHOWN])
