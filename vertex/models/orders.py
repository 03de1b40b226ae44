"""What a client has ordered."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from vertex.models._base import Binned, Row, UtcDateTime, binned_only, choice, live_only, only
from vertex.models.accounts import User
from vertex.models.clients import Client
from vertex.models.folding import fold, searchable
from vertex.models.rules import Ruled

# as services/order_lists.py asks for what is not delivered
_OPEN = "status <> 'delivered' AND status <> 'cancelled' AND deleted_at IS NULL"


class OrderStatus(StrEnum):
    """How far an order has come."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    PRINTED = "printed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Order(Ruled, Binned, Row):
    """An order by its number; its portraits belong to one client.

    Price, deposit and what was paid are in the smallest unit of the studio's currency. `version`
    grows with every edit; `search_text` is number, product and notes, folded.
    """

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(40))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    status: Mapped[OrderStatus] = mapped_column(choice(OrderStatus), default=OrderStatus.NEW)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    product: Mapped[str] = mapped_column(String(120), default="")
    price: Mapped[int | None]
    deposit: Mapped[int | None]
    paid: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date | None]
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    notes: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")

    client: Mapped[Client] = relationship()
    assignee: Mapped[User | None] = relationship()

    __table_args__ = (
        Index("ix_orders_client_id", "client_id", "id"),
        Index("uq_orders_number", "number", unique=True, **live_only()),
        Index("ix_orders_status", "status", "id"),
        Index("ix_orders_due_on", "due_on", "id"),
        Index("ix_orders_open", "id", **only(_OPEN)),
        Index("ix_orders_open_due_on", "due_on", "id", **only(_OPEN)),
        Index("ix_orders_assignee_id", "assignee_id", "id"),
        Index("ix_orders_open_assignee", "assignee_id", "id", **only(_OPEN)),
        Index("ix_orders_status_due_on", "status", "due_on", "id", **live_only()),
        Index("ix_orders_binned", "id", **binned_only()),
    )


def folded(number: str, product: str | None, notes: str | None) -> str:
    """Return `search_text` of an order of which this is known."""
    return searchable(fold(number), fold(product or ""), fold(notes or ""))


@event.listens_for(Order, "before_insert")
@event.listens_for(Order, "before_update")
def _fold(_mapper: Mapper[Order], _connection: Connection, order: Order) -> None:
    order.search_text = folded(order.number, order.product, order.notes)
