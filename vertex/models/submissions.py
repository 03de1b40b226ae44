"""Forms that were sent, so that none is carried out twice."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vertex.models._base import Row


class Submission(Row):
    """One filled-in form, by the random token that was drawn when the form was shown."""

    __tablename__ = "submissions"

    token: Mapped[str] = mapped_column(String(64), unique=True)
    result: Mapped[str] = mapped_column(String(80))
