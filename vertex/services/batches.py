"""Many things at once: each is done or refused by itself, and what became of each is kept."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from vertex.errors import ConflictError, DomainError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import Batch, BatchAction, Order, OrderStatus, Portrait, Thing, utcnow, uuid7
from vertex.services import order_moves, orders, portraits, rules
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

MOST = 300  # things at once

_Act = Callable[[UUID], object]


def get(batch_id: UUID, *, user_id: UUID | None) -> Batch:
    """Return what this user, or with None anybody, did to many things."""
    batch = db.session.get(Batch, batch_id)
    if batch is None or user_id not in (None, batch.user_id):
        raise NotFoundError(kind="batch", id=str(batch_id))
    return batch


def move(
    seen: Mapping[UUID, OrderStatus],
    to: OrderStatus,
    *,
    sure: bool,
    printable: bool,
    actor: Actor,
    user_id: UUID,
) -> Batch:
    """Return what became of orders that were to be moved, each from where it was `seen`.

    What holds for all of them is refused at once: ConflictError while the address is not one that
    is printed, and for a final status as long as nobody is `sure`.
    """
    if to is OrderStatus.PRINTED and not printable:
        raise ConflictError("address_not_printable")
    if to in order_moves.FINAL and not sure:
        raise ConflictError("order_move_unsure")

    def act(order_id: UUID) -> object:
        before = seen[order_id]
        order_moves.move(order_id, to, seen=before, sure=sure, printable=printable, actor=actor)
        return before.value

    return _carry_out(Thing.ORDER, BatchAction.MOVE, seen, act, user_id, wanted=to.value)


def pause(
    thing: Thing, ids: Collection[UUID], *, paused: bool, actor: Actor, user_id: UUID
) -> Batch:
    """Return what became of things whose codes were to show nothing for now, or something again."""

    def act(thing_id: UUID) -> object:
        return _pause(thing, thing_id, True if paused else None, actor)

    action = BatchAction.PAUSE if paused else BatchAction.RESUME
    return _carry_out(thing, action, ids, act, user_id)


def move_to_bin(thing: Thing, ids: Collection[UUID], *, actor: Actor, user_id: UUID) -> Batch:
    """Return what became of things that were to be moved to the bin."""

    def act(thing_id: UUID) -> object:
        if thing is Thing.ORDER:
            orders.get(thing_id)
            orders.move_to_bin(thing_id, actor=actor)
        else:
            portraits.get(thing_id)
            portraits.move_to_bin(thing_id, actor=actor)
        return None

    return _carry_out(thing, BatchAction.BIN, ids, act, user_id)


def can_be_undone(batch: Batch) -> bool:
    """Tell whether what was done can be taken back: not what is final."""
    if batch.action is BatchAction.EXPORT or batch.undone_at is not None or not batch.done:
        return False
    return batch.action is not BatchAction.MOVE or batch.wanted not in order_moves.FINAL


def undo(batch_id: UUID, *, printable: bool, actor: Actor, user_id: UUID) -> Batch:
    """Take back what was done; a thing that somebody has changed since is told of as refused."""
    batch = _claim_undo(batch_id, user_id)
    befores = {UUID(one["id"]): one["before"] for one in batch.done}
    thing, action, wanted = batch.thing, batch.action, batch.wanted

    def act(thing_id: UUID) -> object:
        before = befores[thing_id]
        if action is BatchAction.BIN:
            (orders if thing is Thing.ORDER else portraits).restore(thing_id, actor=actor)
        elif action is BatchAction.MOVE:
            status, seen = OrderStatus(before), OrderStatus(wanted or "")
            order_moves.move(
                thing_id, status, seen=seen, sure=True, printable=printable, actor=actor
            )
        else:
            _pause(thing, thing_id, before, actor, seen=action is BatchAction.PAUSE)
        return None

    done, refused = _try_each(thing, befores, act)
    with atomic():
        batch = get(batch_id, user_id=user_id)
        batch.done, batch.refused = done, refused
    return batch


def _claim_undo(batch_id: UUID, user_id: UUID) -> Batch:
    """The batch, which nobody else takes back from now on: of two clicks one counts."""
    with atomic():
        get(batch_id, user_id=user_id)
        batch = db.session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        if not can_be_undone(batch):
            raise ConflictError("batch_not_undone")
        batch.undone_at = utcnow()
    return batch


def judge(ids: Collection[UUID]) -> None:
    """Raise InvalidError if nothing was chosen, or more than goes at once."""
    if not ids:
        raise InvalidError("nothing_chosen")
    if len(ids) > MOST:
        raise InvalidError("batch_large", limit=MOST)


def names_of(thing: Thing, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what people call these things: an order's number, the client of a portrait."""
    if thing is Thing.ORDER:
        rows = db.session.execute(select(Order.id, Order.number).where(Order.id.in_(ids)))
        return {row.id: row.number for row in rows}
    query = select(Portrait).where(Portrait.id.in_(ids)).options(joinedload(Portrait.client))
    return {one.id: one.title or one.client.name for one in db.session.scalars(query)}


def refusal(thing_id: UUID, name: str, error: DomainError) -> dict[str, Any]:
    """Return how a batch keeps that, and why, something was not done."""
    params = {key: str(value) for key, value in error.params.items()}
    return {"id": str(thing_id), "name": name, "code": error.code, "params": params}


def _carry_out(
    thing: Thing,
    action: BatchAction,
    ids: Collection[UUID],
    act: _Act,
    user_id: UUID,
    wanted: str | None = None,
) -> Batch:
    judge(ids)
    done, refused = _try_each(thing, ids, act)
    batch = Batch(id=uuid7(), user_id=user_id, thing=thing, action=action, wanted=wanted)
    batch.things = [str(thing_id) for thing_id in ids]
    batch.done, batch.refused, batch.finished_at = done, refused, utcnow()
    with atomic():
        db.session.add(batch)
    return batch


def _try_each(
    thing: Thing, ids: Collection[UUID], act: _Act
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Each in a transaction of its own: one that is refused keeps none of the others."""
    names = names_of(thing, ids)
    done: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for thing_id in ids:
        name = names.get(thing_id, "")
        try:
            before = act(thing_id)
        except DomainError as error:
            db.session.rollback()
            refused.append(refusal(thing_id, name, error))
        else:
            done.append({"id": str(thing_id), "name": name, "before": before})
    return done, refused


def _pause(
    thing: Thing, thing_id: UUID, paused: bool | None, actor: Actor, *, seen: bool | None = None
) -> bool | None:
    act = rules.pause_order if thing is Thing.ORDER else rules.pause_portrait
    return act(thing_id, paused, actor=actor, seen=seen)
