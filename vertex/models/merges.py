"""Clients that were taken in twice and became one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime, facts


class ClientMerge(Row):
    """One client's orders and portraits passed to another; enough is kept to take it back.

    `moved` holds the ids of what was passed on, by table; `before` what `kept` said before, and
    `kept_version` its version after: whoever has changed it since is not overruled.
    """

    __tablename__ = "client_merges"

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    kept_version: Mapped[int]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
