"""The people who order portraits."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from vertex.models._base import Binned, Row, binned_only, choice, live_only
from vertex.models.folding import digits, fold, searchable

_LONGEST_SORT_NAME = 240
# in the order of codes everywhere: what begins alike lies together
_SORT_NAME = String(_LONGEST_SORT_NAME).with_variant(
    String(_LONGEST_SORT_NAME, collation="C"), "postgresql"
)


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
    sort_name: Mapped[str] = mapped_column(_SORT_NAME, default="")
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
    return first[:_LONGEST_SORT_NAME], searchable(*parts)


@event.listens_for(Client, "before_insert")
@event.listens_for(Client, "before_update")
def _fold(_mapper: Mapper[Client], _connection: Connection, client: Client) -> None:
    client.sort_name, client.search_text = folded(
        client.name, client.phone, client.email, client.notes
    )
