"""The people who order portraits."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from vertex.models._base import Binned, Row, choice, live_only
from vertex.models.folding import digits, fold

_LONGEST_SORT_NAME = 240


class ConsentBy(StrEnum):
    """Who has agreed that the portraits are kept and shown: the client, or a child's parent."""

    SELF = "self"
    PARENT = "parent"


class Client(Binned, Row):
    """A customer of the studio; the phone (E.164) tells two of one name apart.

    `consent_by` is None while nobody has agreed; `consent_name` is the parent's. `version` grows
    with every edit; `sort_name` and `search_text` are the other fields, folded.
    """

    __tablename__ = "clients"

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    notes: Mapped[str] = mapped_column(Text, default="")
    consent_by: Mapped[ConsentBy | None] = mapped_column(choice(ConsentBy))
    consent_on: Mapped[date | None]
    consent_name: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)
    sort_name: Mapped[str] = mapped_column(String(_LONGEST_SORT_NAME), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_clients_phone", "phone", unique=True, **live_only()),
        Index("ix_clients_sort_name", "sort_name", "id"),
    )


@event.listens_for(Client, "before_insert")
@event.listens_for(Client, "before_update")
def _fold(_mapper: Mapper[Client], _connection: Connection, client: Client) -> None:
    name = fold(client.name)
    client.sort_name = name[:_LONGEST_SORT_NAME]
    parts = (
        name,
        digits(client.phone),
        fold(client.email or ""),
        fold(client.notes or ""),
    )
    client.search_text = "\n".join(part for part in parts if part)
