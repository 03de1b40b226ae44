"""What simulated looks at a print that is not printed yet have shown."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Row, facts
from vertex.models.portraits import Portrait


class Proof(Row):
    """How well the print of a portrait will be recognised by the marker that was proved.

    `smallest_size` is the print's long side over the frame's height, `largest_angle` in degrees;
    None: not even the easiest worked. The rating is the portrait's. `proved` is the marker's key;
    a proof of another one than the portrait has now is out of date. Where there is no marker there
    are no looks, and advice alone.
    """

    __tablename__ = "proofs"

    portrait_id: Mapped[UUID] = mapped_column(ForeignKey("portraits.id"), unique=True)
    proved: Mapped[str] = mapped_column(String(200))
    recognised: Mapped[int]
    looks: Mapped[int]
    score: Mapped[float]
    smallest_size: Mapped[float | None]
    largest_angle: Mapped[float | None]
    advice: Mapped[list[dict[str, Any]]] = mapped_column(facts(), default=list)
    picture_key: Mapped[str | None] = mapped_column(String(200))


class LookAlike(Row):
    """Two portraits of an order that a phone would take for one another.

    Each pair is stored both ways. `confused` of `looks` simulated looks at one showed the other.
    """

    __tablename__ = "look_alikes"

    portrait_id: Mapped[UUID] = mapped_column(ForeignKey("portraits.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("portraits.id"), index=True)
    confused: Mapped[int]
    looks: Mapped[int]

    other: Mapped[Portrait] = relationship(foreign_keys=[other_id])

    __table_args__ = (Index("uq_look_alikes_pair", "portrait_id", "other_id", unique=True),)
