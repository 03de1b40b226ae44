"""The videos that play on portraits."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vertex.models._base import Binned, Row, UtcDateTime, choice, facts
from vertex.models.portraits import Portrait


class VideoStatus(StrEnum):
    """Whether a video can be played."""

    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Fit(StrEnum):
    """How a video of another shape lies on the portrait."""

    EXACT = "exact"
    CONTAIN = "contain"
    COVER = "cover"


class Transparency(StrEnum):
    """Where the transparency of a film is: nowhere, or beside the picture, as brightness.

    `alpha` is made so from the source's own, `side_by_side` came so.
    """

    NONE = "none"
    ALPHA = "alpha"
    SIDE_BY_SIDE = "side_by_side"


class Video(Binned, Row):
    """A video of a portrait; at most one live video of a portrait is active.

    The source stays as it came. The films are made from it, the small one only where it is of use;
    until they are there, sizes and duration are those of the source. Sizes are px as shown, without
    the half that holds the transparency. `revision` counts the wishes that change the films, and
    `made_revision` is the one they were made for.
    """

    __tablename__ = "videos"

    portrait_id: Mapped[UUID] = mapped_column(ForeignKey("portraits.id"), index=True)
    source_key: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str | None] = mapped_column(String(200))
    small_key: Mapped[str | None] = mapped_column(String(200))
    poster_key: Mapped[str | None] = mapped_column(String(200))
    duration_s: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    has_sound: Mapped[bool]
    findings: Mapped[list[dict[str, str]]] = mapped_column(facts(), default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    status: Mapped[VideoStatus] = mapped_column(choice(VideoStatus), default=VideoStatus.PROCESSING)
    reason: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    start_s: Mapped[float | None]
    end_s: Mapped[float | None]
    muted: Mapped[bool] = mapped_column(default=False)
    loop: Mapped[bool] = mapped_column(default=True)
    fit: Mapped[Fit] = mapped_column(choice(Fit), default=Fit.COVER)
    transparency: Mapped[Transparency] = mapped_column(
        choice(Transparency), default=Transparency.NONE
    )
    plays_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plays_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    captions_key: Mapped[str | None] = mapped_column(String(200))
    captions_language: Mapped[str | None] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    made_revision: Mapped[int | None]

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
