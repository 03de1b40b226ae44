"""Who is signed in where, and who has to wait before trying again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Row, UtcDateTime
from vertex.models.accounts import User


class Session(Row):
    """One signed-in browser; the browser holds the token, we its hash."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ip: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(300), default="")

    user: Mapped[User] = relationship()


class SignInLock(Row):
    """Failed sign-ins to one account from one origin: an address, or a known browser."""

    __tablename__ = "sign_in_locks"

    username: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(80))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("uq_sign_in_locks_username", "username", "origin", unique=True),)
