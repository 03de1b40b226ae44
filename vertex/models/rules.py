"""What the studio decides of who may see something, and when."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import UtcDateTime


class Ruled:
    """A row with rules for those who open its printed code; None: as its order's, else no rule."""

    pin_hash: Mapped[str | None] = mapped_column(String(200))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused: Mapped[bool | None] = mapped_column()
    downloads: Mapped[bool | None] = mapped_column()
    card_photo: Mapped[bool | None] = mapped_column()
    kept_offline: Mapped[bool | None] = mapped_column()
