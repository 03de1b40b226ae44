"""Clients: the people who order portraits, told apart by phone."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Client, Order, Portrait, utcnow, uuid7
from vertex.models.folding import fold, without_nul
from vertex.services import audit, submissions
from vertex.services._contacts import clean_email, clean_phone
from vertex.services._transaction import add_first, atomic, violates
from vertex.services.audit import Actor

_LONGEST_NAME = 120
_LONGEST_NOTES = 5000


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a client, as somebody has typed it."""

    name: str
    phone: str
    email: str = ""
    notes: str = ""

    def cleaned(self) -> "Details":
        """Return the same in the form that is stored, or raise InvalidError."""
        name, phone = normalise_name(self.name, field="name"), normalise_phone(self.phone)
        return Details(name, phone, _clean_email(self.email), clean_notes(self.notes))


def get(client_id: UUID) -> Client:
    """Return a client who is not in the bin."""
    client = db.session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise NotFoundError(kind="client", id=str(client_id))
    return client


def get_even_binned(client_id: UUID) -> Client:
    """Return a client, be it in the bin."""
    client = db.session.get(Client, client_id)
    if client is None:
        raise NotFoundError(kind="client", id=str(client_id))
    return client


def hold(client_id: UUID) -> Client:
    """Return a client whom nobody moves to the bin until the surrounding transaction ends."""
    client = locked(client_id)
    if client.deleted_at is not None:
        raise NotFoundError(kind="client", id=str(client_id))
    return client


def subject_of(client_id: UUID) -> str:
    """Return how the audit log names this client."""
    return f"client:{client_id}"


def find_by_phone(phone: str) -> Client | None:
    """Return the client with this phone, however it is written."""
    return _with_phone(normalise_phone(phone))


def names_by_phone(phones: Collection[str]) -> dict[str, str]:
    """Return who has which of these phones, in the form that is stored."""
    query = select(Client.phone, Client.name)
    query = query.where(Client.phone.in_(phones), Client.deleted_at.is_(None))
    return {row.phone: row.name for row in db.session.execute(query)} if phones else {}


def judge_phone_of(name: str, phone: str) -> None:
    """Refuse a phone of somebody with another name: it is a slip, or another client."""
    known = find_by_phone(phone)
    if known is not None and name and not same_name(known.name, name):
        raise ConflictError("phone_of_other", phone=known.phone, name=known.name)


def judge(details: Details, field: str, *, known: UUID | None = None) -> None:
    """Raise what saving would raise because of this field; `known` is the client being edited."""
    if field == "phone":
        other = find_by_phone(details.phone)
        if other is not None and other.id != known:
            raise ConflictError("phone_taken", phone=other.phone, name=other.name)
    elif field == "name":
        normalise_name(details.name, field="name")
    elif field == "email":
        _clean_email(details.email)
    else:
        clean_notes(details.notes)


def create(details: Details, *, actor: Actor, submission: str | None = None) -> Client:
    """Return the stored client; a phone belongs to one client only."""
    details = details.cleaned()
    client = Client(id=uuid7(), version=1)
    _fill(client, details)
    try:
        with atomic():
            if submission is not None:
                submissions.note(submission, subject_of(client.id))
            db.session.add(client)
            audit.record(actor, AuditAction.CLIENT_CREATED, subject_of(client.id))
    except IntegrityError as error:
        raise _taken(error, details.phone) from None
    return client


def edit(client_id: UUID, details: Details, *, version: int, actor: Actor) -> Client:
    """Return the changed client; ConflictError if somebody has changed them since that version."""
    details = details.cleaned()
    try:
        with atomic():
            client = hold(client_id)
            if client.version != version:
                raise ConflictError("changed_meanwhile")
            before = _as_details(client)
            if before != details:
                _fill(client, details)
                client.version += 1
                changed = [name for name in Details.__slots__ if _differ(before, details, name)]
                audit.record(
                    actor, AuditAction.CLIENT_EDITED, subject_of(client_id), {"fields": changed}
                )
    except IntegrityError as error:
        raise _taken(error, details.phone) from None
    return client


def move_to_bin(client_id: UUID, *, actor: Actor) -> Client:
    """Move a client without portraits to the bin, from where they can be put back."""
    with atomic():
        client = locked(client_id)
        if client.deleted_at is None:
            portraits = db.session.scalar(
                select(func.count(Portrait.id)).where(
                    Portrait.client_id == client_id, Portrait.deleted_at.is_(None)
                )
            )
            if portraits:
                raise ConflictError("client_has_portraits", name=client.name, count=portraits)
            orders = db.session.scalar(
                select(func.count(Order.id)).where(
                    Order.client_id == client_id, Order.deleted_at.is_(None)
                )
            )
            if orders:
                raise ConflictError("client_has_orders", name=client.name, count=orders)
            client.deleted_at = utcnow()
            audit.record(actor, AuditAction.CLIENT_BINNED, subject_of(client_id))
    return client


def restore(client_id: UUID, *, actor: Actor) -> Client:
    """Put a client back from the bin; ConflictError if the phone is another's meanwhile."""
    client = locked(client_id)
    try:
        with atomic():
            client = locked(client_id)
            if client.deleted_at is not None:
                client.deleted_at = None
                audit.record(actor, AuditAction.CLIENT_RESTORED, subject_of(client_id))
    except IntegrityError as error:
        raise _taken(error, client.phone) from None
    return client


def find_or_create(*, name: str, phone: str, actor: Actor) -> Client:
    """Return the client with this phone; one who is new gets this name."""
    name, phone = normalise_name(name), normalise_phone(phone)
    with atomic():
        return _with_phone(phone) or _create(name, phone, actor)


def normalise_phone(phone: str) -> str:
    """Return the number in E.164, or raise InvalidError if nobody can have it."""
    return clean_phone(phone)


def normalise_name(name: str, *, field: str = "client") -> str:
    """Return the name without stray spaces, or raise InvalidError."""
    name = " ".join(without_nul(name).split())
    if not name:
        raise InvalidError("name_missing", field=field)
    if len(name) > _LONGEST_NAME:
        raise InvalidError("name_long", field=field, limit=_LONGEST_NAME)
    return name


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same but for case, ё and spaces."""
    return fold(one) == fold(other)


def _clean_email(email: str) -> str:
    return clean_email(email) if email.strip() else ""


def clean_notes(notes: str, *, field: str | None = "notes") -> str:
    """Return notes in the form that is stored, or raise InvalidError at this field."""
    notes = without_nul(notes).strip()
    if len(notes) > _LONGEST_NOTES:
        raise InvalidError("notes_long", field=field, limit=_LONGEST_NOTES)
    return notes


def locked(client_id: UUID) -> Client:
    """Return a client, be they in the bin, whom nobody changes until the transaction ends."""
    client = db.session.get(Client, client_id, with_for_update=True, populate_existing=True)
    if client is None:
        raise NotFoundError(kind="client", id=str(client_id))
    return client


def _fill(client: Client, details: Details) -> None:
    client.name, client.phone = details.name, details.phone
    client.email, client.notes = details.email or None, details.notes


def _as_details(client: Client) -> Details:
    return Details(client.name, client.phone, client.email or "", client.notes)


def _differ(one: Details, other: Details, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _create(name: str, phone: str, actor: Actor) -> Client:
    client = Client(name=name, phone=phone)
    if not add_first(client, "uq_clients_phone"):
        other = _with_phone(phone)
        if other is None:  # in the bin meanwhile, or under another number
            raise ConflictError("changed_meanwhile")
        return other
    audit.record(actor, AuditAction.CLIENT_CREATED, subject_of(client.id))
    return client


def _with_phone(phone: str) -> Client | None:
    query = select(Client).where(Client.phone == phone, Client.deleted_at.is_(None))
    return db.session.scalar(query)


def _taken(error: IntegrityError, phone: str) -> Exception:
    if not violates(error, "uq_clients_phone"):
        return error
    db.session.rollback()
    other = _with_phone(phone)
    return ConflictError("phone_taken", phone=phone, name=other.name if other else "")
