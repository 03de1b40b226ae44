"""Filters of a list that somebody comes back to."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Binned, Row, facts, live_only


class SavedView(Binned, Row):
    """Filters of the list of orders under a name of one person's own; nobody else sees it.

    `filters` is the query of the list's address, by name, so that a view is only another way to
    an address that could be sent to a colleague.
    """

    __tablename__ = "saved_views"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(40))
    filters: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)

    __table_args__ = (
        Index("uq_saved_views_user_id_name", "user_id", "name", unique=True, **live_only()),
    )
