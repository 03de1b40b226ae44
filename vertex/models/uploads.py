"""Files on their way in, sent piece by piece."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, UtcDateTime


class Upload(Row):
    """A file that somebody is sending; how much of it is here is the size of its file on disk."""

    __tablename__ = "uploads"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
