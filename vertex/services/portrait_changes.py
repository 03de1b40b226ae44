"""What staff change of a portrait: its title, and the order it belongs to."""

from uuid import UUID

from vertex.errors import ConflictError, InvalidError
from vertex.models import AuditAction, Portrait
from vertex.models.folding import without_nul
from vertex.queue import Queue
from vertex.services import audit, orders, portraits, proofs
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import Actor

LONGEST_TITLE = 120


def edit(
    portrait_id: UUID,
    *,
    title: str,
    order_id: UUID | None,
    version: int,
    actor: Actor,
    queue: Queue | None = None,
) -> Portrait:
    """Return the changed portrait; ConflictError if somebody has changed it since that version.

    It belongs to an order of its own client, or to none.
    """
    title = clean_title(title)
    with atomic():
        portrait = portraits.hold(portrait_id)
        if portrait.version != version:
            raise ConflictError("changed_meanwhile")
        changed = [
            name
            for name, value in (("title", title), ("order_id", order_id))
            if getattr(portrait, name) != value
        ]
        portrait.title = title
        if "order_id" in changed:
            _move(portrait, order_id, queue)
        if changed:
            portrait.version += 1
            subject = portraits.subject_of(portrait_id)
            audit.record(actor, AuditAction.PORTRAIT_EDITED, subject, {"fields": changed})
    return portrait


def clean_title(title: str) -> str:
    """Return the title without stray spaces, or raise InvalidError."""
    title = " ".join(without_nul(title).split())
    if len(title) > LONGEST_TITLE:
        raise InvalidError("text_long", field="title", limit=LONGEST_TITLE)
    return title


def _move(portrait: Portrait, order_id: UUID | None, queue: Queue | None) -> None:
    if order_id is not None:
        order = orders.hold(order_id)
        if order.client_id != portrait.client_id:
            raise InvalidError("order_of_another_client", field="order_id", number=order.number)
    portrait.order_id = order_id
    # others of an order may look like it
    proofs.ask_for(portrait)
    if queue is not None:
        after_commit(queue.wake)
