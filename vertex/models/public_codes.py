"""The codes printed beside portraits."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Row
from vertex.models.orders import Order
from vertex.models.portraits import Portrait


class PublicCode(Row):
    """What a printed code names: a portrait, or an order's album; never reused, never deleted."""

    __tablename__ = "public_codes"

    code: Mapped[str] = mapped_column(String(10), unique=True)
    portrait_id: Mapped[UUID | None] = mapped_column(ForeignKey("portraits.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)

    portrait: Mapped[Portrait | None] = relationship()
    order: Mapped[Order | None] = relationship()
