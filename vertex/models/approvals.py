"""What clients say to their portraits before they are printed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Row, UtcDateTime, choice
from vertex.models.orders import Order


class Answer(StrEnum):
    """What a client has said, or that nobody waits for it any more."""

    ASKED = "asked"
    APPROVED = "approved"
    CHANGE = "change"
    WITHDRAWN = "withdrawn"


class Approval(Row):
    """One request for a client's approval of an order, with the answer; the newest counts.

    `seen` names the portraits the answer is about, so that it is known when they are others.
    From `closed_at` on nobody can answer: the order is printed.
    """

    __tablename__ = "approvals"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    answer: Mapped[Answer] = mapped_column(choice(Answer), default=Answer.ASKED)
    message: Mapped[str] = mapped_column(Text, default="")
    seen: Mapped[str] = mapped_column(String(64), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[Order] = relationship()
