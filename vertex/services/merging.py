"""Clients that were taken in twice: one keeps all orders and portraits, and it can be undone."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, Client, ClientMerge, ConsentBy, Order, Portrait, utcnow
from vertex.services import (
    audit,
    client_lists,
    clients,
    consents,
)
from vertex.services._transaction import atomic, violates
from vertex.services.audit import Actor
from vertex.services.consents import Consent

_Owned: TypeAlias = type[Order] | type[Portrait]
_OWNED: dict[str, _Owned] = {"orders": Order, "portraits": Portrait}


def merge(kept_id: UUID, gone_id: UUID, *, actor: Actor) -> ClientMerge:
    """Return how two clients became one: `gone` lies in the bin, what was theirs is `kept`'s.

    What `kept` says stays; what is missing there, and the other's phone and notes, is taken over.
    InvalidError if the notes of both would be too long for one.
    """
    if kept_id == gone_id:
        raise InvalidError("merge_with_oneself")
    with atomic():
        held = {client_id: clients.hold(client_id) for client_id in sorted((kept_id, gone_id))}
        kept, gone = held[kept_id], held[gone_id]
        before = _words_of(kept)
        _take_over(kept, gone)
        kept.version += 1
        moved = {name: _move(table, gone_id, kept_id) for name, table in _OWNED.items()}
        gone.deleted_at = utcnow()
        row = ClientMerge(
            kept_id=kept_id, gone_id=gone_id, moved=moved, before=before, kept_version=kept.version
        )
        db.session.add(row)
        _record(actor, AuditAction.CLIENTS_MERGED, kept_id, gone_id)
    return row


def undo(merge_id: UUID, *, actor: Actor) -> ClientMerge:
    """Part two clients again: each has what was theirs, and what has come to it since.

    ConflictError if another has the phone meanwhile, NotFoundError while `kept` is gone itself.
    Words that somebody has changed stay.
    """
    row = get(merge_id)
    try:
        with atomic():
            db.session.refresh(row, with_for_update=True)
            if row.undone_at is None:
                _part(row)
                _record(actor, AuditAction.CLIENTS_PARTED, row.kept_id, row.gone_id)
    except IntegrityError as error:
        if not violates(error, "uq_clients_phone"):
            raise
        gone = db.session.get_one(Client, row.gone_id)
        other = clients.find_by_phone(gone.phone)
        name = other.name if other else ""
        raise ConflictError("phone_taken", phone=gone.phone, name=name) from None
    return row


def get(merge_id: UUID) -> ClientMerge:
    """Return a merge."""
    row = db.session.get(ClientMerge, merge_id)
    if row is None:
        raise NotFoundError(kind="merge", id=str(merge_id))
    return row


def namesakes(client: Client, *, limit: int = 3) -> Sequence[Client]:
    """Return others of the same name."""
    query = select(Client).where(
        Client.sort_name == client.sort_name, Client.id != client.id, Client.deleted_at.is_(None)
    )
    return db.session.scalars(query.order_by(Client.id).limit(limit)).all()


def candidates(client: Client, typed: str = "", *, limit: int = 8) -> Sequence[Client]:
    """Return who may be the same client: by name, or by what somebody types to find them."""
    found = client_lists.search(typed or client.name, limit=limit + 1).clients
    return [other for other in found if other.id != client.id][:limit]


def _part(row: ClientMerge) -> None:
    pair = {i: clients.locked(i) for i in sorted((row.kept_id, row.gone_id))}
    kept, gone = pair[row.kept_id], pair[row.gone_id]
    if kept.deleted_at is not None:  # merged on, perhaps: that is to be undone first
        raise NotFoundError(kind="client", id=str(kept.id))
    gone.deleted_at = None
    _give_back(row)
    if kept.version == row.kept_version:
        _say(kept, row.before)
        kept.version += 1
    row.undone_at = utcnow()


def _give_back(row: ClientMerge) -> None:
    """Give back orders with all their portraits, and portraits that are in no order of the other's.

    An order and its portraits have one client: what was put together since goes with its order.
    """
    order_ids = [UUID(given) for given in row.moved.get("orders", ())]
    portrait_ids = [UUID(given) for given in row.moved.get("portraits", ())]
    theirs = (Order.id.in_(order_ids), Order.client_id == row.kept_id)
    back = db.session.scalars(
        update(Order).where(*theirs).values(client_id=row.gone_id).returning(Order.id)
    ).all()
    alone = Portrait.order_id.is_(None) & Portrait.id.in_(portrait_ids)
    pictures = (Portrait.client_id == row.kept_id, Portrait.order_id.in_(back) | alone)
    db.session.execute(update(Portrait).where(*pictures).values(client_id=row.gone_id))


def _take_over(kept: Client, gone: Client) -> None:
    kept.email = kept.email or gone.email
    if kept.consent_by is None:
        consents.store(kept, consents.of_client(gone))
    parts = (kept.notes, " ".join((gone.name, gone.phone)), gone.notes)
    kept.notes = clients.clean_notes("\n".join(part for part in parts if part), field=None)


def _move(table: _Owned, gone_id: UUID, kept_id: UUID) -> list[str]:
    ids = db.session.scalars(select(table.id).where(table.client_id == gone_id)).all()
    db.session.execute(update(table).where(table.id.in_(ids)).values(client_id=kept_id))
    return [str(moved) for moved in ids]


def _words_of(client: Client) -> dict[str, Any]:
    consent = consents.of_client(client)
    return {
        "email": client.email,
        "notes": client.notes,
        "consent_by": consent.by and consent.by.value,
        "consent_on": consent.on and consent.on.isoformat(),
        "consent_name": consent.name,
    }


def _say(client: Client, words: dict[str, Any]) -> None:
    client.email, client.notes = words["email"], words["notes"]
    by = ConsentBy(words["consent_by"]) if words["consent_by"] else None
    on = date.fromisoformat(words["consent_on"]) if words["consent_on"] else None
    consents.store(client, Consent(by, on, words["consent_name"]))


def _record(actor: Actor, action: AuditAction, kept_id: UUID, gone_id: UUID) -> None:
    both = {"kept": str(kept_id), "gone": str(gone_id)}
    for client_id in (kept_id, gone_id):
        audit.record(actor, action, clients.subject_of(client_id), both)
