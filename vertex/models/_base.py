"""What every table has: a time-ordered id, and when the row was made and changed."""

import secrets
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Enum, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from vertex.extensions import Base

_Choice = TypeVar("_Choice", bound=StrEnum)


def uuid7() -> UUID:
    """A new id (RFC 9562, version 7): ids sort by the time they were made."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    number = milliseconds << 80 | 7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=number)


def utcnow() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept and returned in UTC whatever the database makes of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored time, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[_Choice]) -> Enum:
    """A column type for a closed list, stored as the values' strings."""
    return Enum(
        kind,
        native_enum=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def facts() -> Any:
    """A column type for a small JSON object."""
    return JSON().with_variant(JSONB(), "postgresql")


class Row(Base):
    """A row with an id and its times."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, onupdate=utcnow)


class Binned:
    """A row that staff may move to the bin; the database counts it as unique only while live."""

    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def only(where: str) -> dict[str, Any]:
    """Arguments of an Index of some rows; SQLite uses it for queries with the very same words."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


def live_only() -> dict[str, Any]:
    """Arguments of an Index that leaves out what lies in the bin."""
    return only("deleted_at IS NULL")


def binned_only() -> dict[str, Any]:
    """Arguments of an Index of what lies in the bin."""
    return only("deleted_at IS NOT NULL")


def written(column: InstrumentedAttribute[_Choice], choice: _Choice) -> ColumnElement[bool]:
    """Return that the column is this, in words: SQLite finds the index of such rows by them."""
    return column == bindparam(None, choice, column.type, literal_execute=True)
