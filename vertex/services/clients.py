"""Clients: the people who order portraits, told apart by phone."""

from uuid import UUID

import phonenumbers
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vertex.errors import InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Client
from vertex.services import audit
from vertex.services._transaction import atomic, violates

_LONGEST_NAME = 120


def get(client_id: UUID) -> Client:
    """Return a client who is not in the bin."""
    client = db.session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise NotFoundError(kind="client", id=str(client_id))
    return client


def find_by_phone(phone: str) -> Client | None:
    """Return the client with this phone, however it is written."""
    return _with_phone(normalise_phone(phone))


def find_or_create(*, name: str, phone: str, actor: str) -> Client:
    """Return the client with this phone; one who is new gets this name."""
    name, phone = normalise_name(name), normalise_phone(phone)
    with atomic():
        return _with_phone(phone) or _create(name, phone, actor)


def normalise_phone(phone: str) -> str:
    """Return the number in E.164, or raise InvalidError if nobody can have it."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        raise _no_phone(phone) from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise _no_phone(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_name(name: str) -> str:
    """Return the name without stray spaces, or raise InvalidError."""
    name = " ".join(name.split())
    if not name:
        raise InvalidError("name_missing", field="client")
    if len(name) > _LONGEST_NAME:
        raise InvalidError("name_long", field="client", limit=_LONGEST_NAME)
    return name


def _create(name: str, phone: str, actor: str) -> Client:
    client = Client(name=name, phone=phone)
    try:
        with db.session.begin_nested():  # another session may store the same phone meanwhile
            db.session.add(client)
    except IntegrityError as error:
        other = _with_phone(phone)
        if other is None or not violates(error, "uq_clients_phone"):
            raise
        return other
    audit.record(actor, AuditAction.CLIENT_CREATED, f"client:{client.id}")
    return client


def _with_phone(phone: str) -> Client | None:
    query = select(Client).where(Client.phone == phone, Client.deleted_at.is_(None))
    return db.session.scalar(query)


def _no_phone(phone: str) -> InvalidError:
    return InvalidError("phone_invalid", field="phone", phone=phone[:40])
