"""How people are reached: phones and e-mail addresses in one form each."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from vertex.errors import InvalidError

_LONGEST_SHOWN = 40


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


def _no_phone(phone: str, field: str) -> InvalidError:
    return InvalidError("phone_invalid", field=field, phone=phone[:_LONGEST_SHOWN])
