"""The people who order portraits."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Binned, Row, UtcDateTime, live_only


class Client(Binned, Row):
    """A customer of the studio; the phone (E.164) tells two of one name apart."""

    __tablename__ = "clients"

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    notes: Mapped[str] = mapped_column(Text, default="")
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("uq_clients_phone", "phone", unique=True, **live_only()),)
