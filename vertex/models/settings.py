"""What the studio has decided about itself, and customers see."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row, facts


class Setting(Row):
    """One decision under its name, which is not repeated; `file_key` is the file that goes with it.

    `version` grows whenever somebody edits the value by a form.
    """

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[dict[str, Any]] = mapped_column(facts(), default=dict)
    file_key: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=0)
