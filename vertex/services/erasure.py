"""Erasing for good: rows, and their files with all versions; printed codes say that it is gone."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, select, update

from vertex.errors import NotFoundError
from vertex.extensions import Base, db
from vertex.models import (
    Approval,
    AuditAction,
    Client,
    ClientMerge,
    ImportRow,
    Letter,
    LookAlike,
    Notification,
    Order,
    Portrait,
    Proof,
    Row,
    Video,
    utcnow,
)
from vertex.services import audit, clients, loose_files, orders, portraits
from vertex.services._transaction import atomic
from vertex.services.audit import SYSTEM, Actor
from vertex.storage import Storage

# what goes with the row it belongs to; of all else the erasure is refused by the database
_BELONGING = frozenset(
    model.__tablename__ for model in (Approval, ClientMerge, Letter, LookAlike, Proof)
)


def erase_portrait(portrait_id: UUID, *, actor: Actor, storage: Storage) -> None:
    """Erase a portrait, be it in the bin, with its videos and all their files."""
    with atomic():
        _hold(Portrait, portrait_id)
        _erase_portraits([portrait_id], actor, storage)


def erase_client(client_id: UUID, *, actor: Actor, storage: Storage | None) -> None:
    """Erase a client, be it in the bin, with all that was ever made or ordered for them.

    Whoever was merged into them is the same person, and is erased with them.
    """
    with atomic():
        ids = sorted(_with_twins(client_id))
        theirs = select(Portrait.id).where(Portrait.client_id.in_(ids)).order_by(Portrait.id)
        for portrait_id in db.session.scalars(theirs).all():
            _is_held(Portrait, portrait_id)
        for one in ids:
            _hold(Client, one)
        _erase_portraits(db.session.scalars(theirs).all(), actor, storage)
        ordered = select(Order.id).where(Order.client_id.in_(ids))
        for order_id in db.session.scalars(ordered).all():
            _erase_row(Order, order_id, orders.subject_of(order_id))
            audit.record(actor, AuditAction.ORDER_ERASED, orders.subject_of(order_id))
        for one in ids:
            _forget_imports(one)
            _erase_row(Client, one, clients.subject_of(one))
            audit.record(actor, AuditAction.CLIENT_ERASED, clients.subject_of(one))


def erased_since(at: datetime) -> Sequence[str]:
    """Name the clients, orders and portraits that were erased at this time or later."""
    erased = (AuditAction.CLIENT_ERASED, AuditAction.ORDER_ERASED, AuditAction.PORTRAIT_ERASED)
    return audit.subjects_since(at, *erased)


def erase_again(
    subjects: Iterable[str], *, actor: Actor, storage: Storage
) -> tuple[int, Sequence[str]]:
    """Erase those of these clients and portraits that a backup has brought back.

    Returns how many, and the clients that are spared: they have something that was not erased, as
    it had become another client's.
    """
    ids: dict[str, list[UUID]] = {"client": [], "order": [], "portrait": []}
    for subject in subjects:
        kind, _, text = subject.partition(":")
        ids[kind].append(UUID(text))
    count, spared = 0, []
    for portrait_id in ids["portrait"]:
        with suppress(NotFoundError):  # made after the backup
            erase_portrait(portrait_id, actor=actor, storage=storage)
            count += 1
    for client_id in ids["client"]:
        if _has_more_than(ids["order"], client_id):
            spared.append(clients.subject_of(client_id))
            continue
        with suppress(NotFoundError):
            erase_client(client_id, actor=actor, storage=storage)
            count += 1
    return count, spared


def _has_more_than(order_ids: Collection[UUID], client_id: UUID) -> bool:
    """Whether a client, or whoever was merged into them, has portraits or any other orders."""
    theirs = _with_twins(client_id)
    portrait = select(Portrait.id).where(Portrait.client_id.in_(theirs))
    order = select(Order.id).where(Order.client_id.in_(theirs), Order.id.not_in(order_ids))
    found = db.session.execute(portrait.union_all(order).limit(1)).first() is not None
    db.session.rollback()
    return found


def empty_bin(before: datetime, *, storage: Storage) -> None:
    """Erase what was moved to the bin before this; an order that portraits obey stays."""
    for video_id in _binned(Video, Video.deleted_at < before):
        with atomic():
            if _is_held(Video, video_id, Video.deleted_at < before):
                _erase_videos([video_id], SYSTEM, None)
    for portrait_id in _binned(Portrait, Portrait.deleted_at < before):
        with atomic():
            if _is_held(Portrait, portrait_id, Portrait.deleted_at < before):
                _erase_portraits([portrait_id], SYSTEM, None)
    unused = ~select(Portrait.id).where(Portrait.order_id == Order.id).exists()
    for order_id in _binned(Order, Order.deleted_at < before, unused):
        with atomic():
            if _is_held(Order, order_id, Order.deleted_at < before, unused):
                _erase_row(Order, order_id, orders.subject_of(order_id))
                audit.record(SYSTEM, AuditAction.ORDER_ERASED, orders.subject_of(order_id))
    for client_id in _binned(Client, Client.deleted_at < before):
        with atomic():
            if _is_held(Client, client_id, Client.deleted_at < before):
                erase_client(client_id, actor=SYSTEM, storage=None)
    loose_files.drop_due(storage, utcnow())


def _with_twins(client_id: UUID) -> set[UUID]:
    """A client and all in the bin who were merged into them, or into one of those."""
    found, new = {client_id}, {client_id}
    while new:
        merged = (
            select(ClientMerge.gone_id)
            .join(Client, Client.id == ClientMerge.gone_id)
            .where(ClientMerge.kept_id.in_(new), ClientMerge.undone_at.is_(None))
            .where(Client.deleted_at.is_not(None), ClientMerge.gone_id.not_in(found))
        )
        new = set(db.session.scalars(merged))
        found |= new
    return found


def _forget_imports(client_id: UUID) -> None:
    """Remove the rows of imports that name a client by their phone."""
    phone = select(Client.phone).where(Client.id == client_id).scalar_subquery()
    db.session.execute(delete(ImportRow).where(ImportRow.content["phone"].as_string() == phone))


def _erase_portraits(portrait_ids: Iterable[UUID], actor: Actor, storage: Storage | None) -> None:
    for portrait_id in portrait_ids:
        subject = portraits.subject_of(portrait_id)
        of_portrait = select(Video.id).where(Video.portrait_id == portrait_id)
        _erase_videos(db.session.scalars(of_portrait).all(), actor, storage)
        loose_files.drop(_erase_row(Portrait, portrait_id, subject), storage)
        audit.record(actor, AuditAction.PORTRAIT_ERASED, subject)


def _erase_videos(video_ids: Iterable[UUID], actor: Actor, storage: Storage | None) -> None:
    for video_id in video_ids:
        subject = portraits.subject_of(db.session.get_one(Video, video_id).portrait_id)
        loose_files.drop(_erase_row(Video, video_id, None), storage)
        audit.record(actor, AuditAction.VIDEO_ERASED, subject, {"video": str(video_id)})


def _erase_row(model: type[Row], row_id: UUID, subject: str | None) -> Collection[str | None]:
    """Remove a row and what belongs to it or is told of it; return the keys of all their files.

    Codes and visits stay, and name it no more. E-mails go, for they hold an address; and what
    cannot be without the row: proofs, approvals, merges.
    """
    table = Base.metadata.tables[model.__tablename__]
    keys = _keys_of(table, table.columns["id"] == row_id)
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if not column.references(table.columns["id"]):
                continue
            if column.nullable and other.name != Letter.__tablename__:
                changed = update(other).where(column == row_id)
                db.session.execute(changed.values({column: None}))
            elif other.name in _BELONGING:
                keys += _keys_of(other, column == row_id)
                db.session.execute(delete(other).where(column == row_id))
    if subject is not None:
        db.session.execute(delete(Notification).where(Notification.subject == subject))
        db.session.execute(delete(ImportRow).where(ImportRow.subject == subject))
    db.session.execute(delete(table).where(table.columns["id"] == row_id))
    return keys


def _keys_of(table: Table, which: ColumnElement[bool]) -> list[str | None]:
    columns = [column for column in table.columns if column.name.endswith("_key")]
    if not columns:
        return []
    return [key for row in db.session.execute(select(*columns).where(which)) for key in row]


def _hold(model: type[Row], row_id: UUID) -> None:
    if not _is_held(model, row_id):
        raise NotFoundError(kind=model.__tablename__.removesuffix("s"), id=str(row_id))


def _is_held(model: type[Row], row_id: UUID, *so: ColumnElement[bool]) -> bool:
    """Hold a row until the transaction ends, and tell whether it is there and so.

    A portrait is held before its videos, as by those who choose one: the other way round two would
    wait for each other.
    """
    found = select(model.id).where(model.id == row_id, *so).with_for_update()
    is_so = db.session.scalar(found) is not None
    if model is Portrait:
        videos = select(Video.id).where(Video.portrait_id == row_id).order_by(Video.id)
        db.session.scalars(videos.with_for_update()).all()
    return is_so


def _binned(model: type[Row], *so: ColumnElement[bool]) -> list[UUID]:
    found = list(db.session.scalars(select(model.id).where(*so)))
    db.session.rollback()
    return found
