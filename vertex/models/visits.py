"""How customers' visits went, one by one and hour by hour."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.extensions import Base
from vertex.models._base import Row, UtcDateTime


class Visit(Row):
    """One page that was opened: how far it came, and nothing about whose it was.

    The token was drawn by the page and is forgotten by it when it is closed. Times are ms;
    `portrait_id` of an album is the one that was found first.
    """

    __tablename__ = "visits"

    token: Mapped[str] = mapped_column(String(32), unique=True)
    code_id: Mapped[UUID] = mapped_column(ForeignKey("public_codes.id"))
    portrait_id: Mapped[UUID | None] = mapped_column(ForeignKey("portraits.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    camera: Mapped[bool] = mapped_column(default=False)
    found_ms: Mapped[int | None]
    watched_ms: Mapped[int] = mapped_column(default=0)
    sound: Mapped[bool] = mapped_column(default=False)
    fallback: Mapped[str | None] = mapped_column(String(24))
    device: Mapped[str] = mapped_column(String(8), default="phone")

    __table_args__ = (
        Index("ix_visits_portrait_id_created_at", "portrait_id", "created_at"),
        Index("ix_visits_order_id_created_at", "order_id", "created_at"),
        Index("ix_visits_created_at", "created_at"),
    )


class VisitHour(Base):
    """The visits that began within an hour of UTC; the database itself keeps these counts."""

    __tablename__ = "visit_hours"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    opened: Mapped[int]
    camera: Mapped[int]
    found: Mapped[int]
