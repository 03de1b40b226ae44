"""The pictures that come alive when a phone looks at them."""

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from vertex.models._base import Binned, Row, binned_only, choice, live_only, only
from vertex.models.clients import Client
from vertex.models.folding import fold, searchable
from vertex.models.orders import Order
from vertex.models.rules import Ruled

if TYPE_CHECKING:
    from vertex.models.proofs import Proof

# as services/portrait_lists.py asks
_NO = "recognisable = 'no' OR status = 'failed'"
_LISTS = {
    "unrecognisable": f"({_NO})",
    "poor": "rating <= 2",
    "look": f"({_NO} OR rating <= 2)",
    "processing": "status = 'processing'",
    "no_order": "order_id IS NULL",
    "no_video": "video_count = 0",
}


class PortraitStatus(StrEnum):
    """Whether a portrait's marker is made."""

    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    ARCHIVED = "archived"


class Recognisable(StrEnum):
    """Whether a phone can recognise the print."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Playing(StrEnum):
    """Which video plays: the chosen one, the one whose time it is, or each in turn."""

    CHOSEN = "chosen"
    SCHEDULE = "schedule"
    TURN = "turn"


class Portrait(Ruled, Binned, Row):
    """A picture with its marker; sizes are px of the upright original.

    `turn` counts the visits, by which videos take turns. `rating` is that of its proof, None until
    there is one. `video_count` leaves out those in the bin; triggers keep it. `version` grows
    with every edit; `search_text` is the title, folded.
    """

    __tablename__ = "portraits"

    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    title: Mapped[str] = mapped_column(String(120), default="")
    image_key: Mapped[str] = mapped_column(String(200))
    preview_key: Mapped[str] = mapped_column(String(200))
    marker_key: Mapped[str | None] = mapped_column(String(200))
    small_key: Mapped[str | None] = mapped_column(String(200))
    marker_preview_key: Mapped[str | None] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[PortraitStatus] = mapped_column(
        choice(PortraitStatus), default=PortraitStatus.PROCESSING
    )
    recognisable: Mapped[Recognisable] = mapped_column(
        choice(Recognisable), default=Recognisable.UNKNOWN
    )
    reason: Mapped[str | None] = mapped_column(String(40))
    rating: Mapped[int | None]
    marker_bytes: Mapped[int | None]
    marker_ms: Mapped[int | None]
    playing: Mapped[Playing] = mapped_column(choice(Playing), default=Playing.CHOSEN)
    turn: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")
    video_count: Mapped[int] = mapped_column(server_default="0")

    client: Mapped[Client] = relationship()
    order: Mapped[Order | None] = relationship()
    proof: Mapped["Proof | None"] = relationship("Proof", uselist=False, viewonly=True)

    __table_args__ = (
        Index("ix_portraits_client_id", "client_id", "id"),
        Index("ix_portraits_order_id", "order_id", "id"),
        Index("ix_portraits_live", "id", **live_only()),
        Index("ix_portraits_binned", "id", **binned_only()),
        *(
            Index(f"ix_portraits_{name}", "id", **only(f"{where} AND deleted_at IS NULL"))
            for name, where in _LISTS.items()
        ),
    )


@event.listens_for(Portrait, "before_insert")
@event.listens_for(Portrait, "before_update")
def _fold(_mapper: Mapper[Portrait], _connection: Connection, portrait: Portrait) -> None:
    portrait.search_text = searchable(fold(portrait.title or ""))
