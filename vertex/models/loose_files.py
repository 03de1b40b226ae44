"""Stored files that no row names yet, or that none names any more."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime


class LooseFile(Row):
    """A file that is being stored, or is to be removed.

    It is written before the file and goes in the transaction that stores the row which names the
    file; who stores it holds it until then. `removing` once nobody may take it any more.
    """

    __tablename__ = "loose_files"

    key: Mapped[str] = mapped_column(String(200), unique=True)
    held_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    removing: Mapped[bool] = mapped_column(default=False)
