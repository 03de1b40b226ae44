"""The people who sign in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Binned, Row, UtcDateTime, choice, live_only


class Role(StrEnum):
    """What an account may do."""

    ADMIN = "admin"
    USER = "user"


class User(Binned, Row):
    """One of the studio's staff."""

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Role] = mapped_column(choice(Role), default=Role.USER)
    active: Mapped[bool] = mapped_column(default=True)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_logins: Mapped[int] = mapped_column(default=0)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locale: Mapped[str | None] = mapped_column(String(8))

    __table_args__ = (
        Index("uq_users_username", "username", unique=True, **live_only()),
        Index("uq_users_email", "email", unique=True, **live_only()),
    )
