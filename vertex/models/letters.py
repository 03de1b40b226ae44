"""E-mails to clients."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime, choice


class LetterKind(StrEnum):
    """What a message to a client is about."""

    SHARE = "share"
    APPROVE = "approve"


class LetterState(StrEnum):
    """Whether an e-mail is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Letter(Row):
    """One e-mail about an order or a portrait.

    `sealed` is the whole of it, as it will be sent, encrypted with the installation's key: there
    may be a PIN in it. It is emptied as soon as the e-mail is sent.
    """

    __tablename__ = "letters"

    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    portrait_id: Mapped[UUID | None] = mapped_column(ForeignKey("portraits.id"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[LetterKind] = mapped_column(choice(LetterKind))
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[LetterState] = mapped_column(choice(LetterState), default=LetterState.WAITING)
    sealed: Mapped[str | None] = mapped_column(Text)
    trouble: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_letters_order_id", "order_id", "id"),
        Index("ix_letters_portrait_id", "portrait_id", "id"),
    )
