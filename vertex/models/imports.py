"""Files with many things in them, taken in row by row."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, choice, facts


class ImportKind(StrEnum):
    """What the rows of an import make."""

    PORTRAITS = "portraits"
    CLIENTS = "clients"
    ORDERS = "orders"


class ImportState(StrEnum):
    """How far an import has come: looked at, under way, or over."""

    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RowState(StrEnum):
    """What became of a row; a wrong one was refused before anything began."""

    WAITING = "waiting"
    WRONG = "wrong"
    DONE = "done"
    FAILED = "failed"


class Import(Row):
    """A file that was sent and looked at; nothing of it is made before somebody says so.

    `left_out` are names of files in it that belong to no row.
    """

    __tablename__ = "imports"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[ImportKind] = mapped_column(choice(ImportKind))
    state: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.CHECKED)
    filename: Mapped[str] = mapped_column(String(200))
    left_out: Mapped[list[str]] = mapped_column(facts(), default=list)


class ImportRow(Row):
    """One row of an import: what is in it, and what became of it.

    `token` is what keeps it from being carried out twice, `subject` what it has made.
    """

    __tablename__ = "import_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    position: Mapped[int]
    state: Mapped[RowState] = mapped_column(choice(RowState), default=RowState.WAITING)
    content: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    token: Mapped[str] = mapped_column(String(64))
    code: Mapped[str | None] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    subject: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (UniqueConstraint("import_id", "position"),)
