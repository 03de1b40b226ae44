"""The people who order portraits."""

from datetime import datetime

from sqlalchemy import Connection, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from vertex.models._base import Binned, Row, UtcDateTime, binned_only, live_only
from vertex.models.folding import digits, fold

_LONGEST_SORT_NAME = 240


class Client(Binned, Row):
    """A customer of the studio; the phone (E.164) tells two of one name apart.

    `version` grows with every edit; `sort_name` and `search_text` are the other fields, folded.
    """

    __tablename__ = "clients"

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    notes: Mapped[str] = mapped_column(Text, default="")
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    sort_name: Mapped[str] = mapped_column(String(_LONGEST_SORT_NAME), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_clients_phone", "phone", unique=True, **live_only()),
        Index("ix_clients_sort_name", "sort_name", "id"),
        Index("ix_clients_binned", "sort_name", "id", **binned_only()),
    )


def folded(name: str, phone: str, email: str | None, notes: str | None) -> tuple[str, str]:
    """Return `sort_name` and `search_text` of a client of whom this is known."""
    first = fold(name)
    parts = (first, digits(phone), fold(email or ""), fold(notes or ""))
    return first[:_LONGEST_SORT_NAME], "\n".join(part for part in parts if part)


@event.listens_for(Client, "before_insert")
@event.listens_for(Client, "before_update")
def _fold(_mapper: Mapper[Client], _connection: Connection, client: Client) -> None:
    client.sort_name, client.search_text = folded(
        client.name, client.phone, client.email, client.notes
    )
