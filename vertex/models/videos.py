"""The videos that play on portraits."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Binned, Row, choice, facts
from vertex.models.portraits import Portrait


class VideoStatus(StrEnum):
    """Whether a video can be played."""

    READY = "ready"
    FAILED = "failed"


class Video(Binned, Row):
    """A video of a portrait; at most one live video of a portrait is active."""

    __tablename__ = "videos"

    portrait_id: Mapped[UUID] = mapped_column(ForeignKey("portraits.id"), index=True)
    file_key: Mapped[str] = mapped_column(String(200))
    poster_key: Mapped[str] = mapped_column(String(200))
    duration_s: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    has_sound: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    status: Mapped[VideoStatus] = mapped_column(choice(VideoStatus), default=VideoStatus.READY)
    active: Mapped[bool] = mapped_column(default=False)

    portrait: Mapped[Portrait] = relationship()

    __table_args__ = (
        Index(
            "uq_videos_active",
            "portrait_id",
            unique=True,
            sqlite_where=text("active AND deleted_at IS NULL"),
            postgresql_where=text("active AND deleted_at IS NULL"),
        ),
    )
