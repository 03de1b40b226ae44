"""What a client has ordered."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Binned, Row, choice, live_only
from vertex.models.clients import Client


class OrderStatus(StrEnum):
    """How far an order has come."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    PRINTED = "printed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Order(Binned, Row):
    """An order by its number; its portraits belong to one client."""

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(40))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    status: Mapped[OrderStatus] = mapped_column(choice(OrderStatus), default=OrderStatus.NEW)
    notes: Mapped[str] = mapped_column(Text, default="")

    client: Mapped[Client] = relationship()

    __table_args__ = (Index("uq_orders_number", "number", unique=True, **live_only()),)
