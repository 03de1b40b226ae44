"""What was done to many things at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime, choice, facts


class BatchAction(StrEnum):
    """What can be done to many at once."""

    MOVE = "move"
    PAUSE = "pause"
    RESUME = "resume"
    BIN = "bin"
    EXPORT = "export"


class Thing(StrEnum):
    """What there can be many of."""

    ORDER = "order"
    PORTRAIT = "portrait"


class Batch(Row):
    """One action on many orders or portraits, and what became of each.

    `done` has `{"id", "name", "before"}` for each thing, `refused` `{"id", "name", "code",
    "params"}`; `wanted` is the status orders were to move to, or the language of an export.
    """

    __tablename__ = "batches"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    thing: Mapped[Thing] = mapped_column(choice(Thing))
    action: Mapped[BatchAction] = mapped_column(choice(BatchAction))
    wanted: Mapped[str | None] = mapped_column(String(40))
    things: Mapped[list[str]] = mapped_column(facts(), default=list)
    done: Mapped[list[dict[str, Any]]] = mapped_column(facts(), default=list)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(facts(), default=list)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
