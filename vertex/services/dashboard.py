"""What a studio wants to know in the morning: what needs somebody, and how prints are doing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from vertex.extensions import db
from vertex.models import (
    Client,
    Job,
    JobState,
    Order,
    Portrait,
    VisitHour,
    utcnow,
)
from vertex.services import client_lists
from vertex.services.jobs import OPEN as WAITING
from vertex.services.order_lists import MOST_COUNTED, is_open
from vertex.services.order_moves import OPEN
from vertex.services.portrait_lists import needs_a_look

DAYS = 30
MANY = client_lists.MOST_COUNTED
LITTLE_SPACE = 5 * 1024**3  # what a few weeks of videos take
_POOR_FOR = timedelta(days=90)  # what is older has been looked at, or does not matter
_MOST_POOR = 8


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much there is: clients and portraits to MANY, the others to MOST_COUNTED."""

    clients: int
    portraits: int
    overdue: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of a day: all, those with the camera, and those that found the print."""

    on: date
    opened: int = 0
    camera: int = 0
    found: int = 0


def numbers(today: date) -> Numbers:
    """Return how much there is, in one query."""
    overdue = select(Order.id).where(Order.deleted_at.is_(None), is_open(), Order.due_on < today)
    waiting = select(Job.id).where(Job.state.in_(WAITING))
    failed = select(Job.id).where(Job.state == JobState.FAILED)
    clients = select(Client.phone).where(Client.deleted_at.is_(None))
    portraits = select(Portrait.id).where(Portrait.deleted_at.is_(None))
    limits = {clients: MANY, portraits: MANY}
    parts = [
        select(func.count())
        .select_from(query.limit(limits.get(query, MOST_COUNTED)).subquery())
        .scalar_subquery()
        for query in (clients, portraits, overdue, waiting, failed)
    ]
    return Numbers(*db.session.execute(select(*parts)).one())


def poor_portraits() -> Sequence[Portrait]:
    """Return the latest portraits of open orders that no camera would recognise well."""
    query = (
        select(Portrait)
        .outerjoin(Portrait.order)
        .where(
            needs_a_look(),
            Portrait.deleted_at.is_(None),
            Portrait.id > _first_id(utcnow() - _POOR_FOR),
            or_(Order.id.is_(None), Order.status.in_(OPEN) & Order.deleted_at.is_(None)),
        )
        .options(joinedload(Portrait.client))
    )
    return db.session.scalars(query.order_by(Portrait.id.desc()).limit(_MOST_POOR)).all()


def visits_by_day(today: date, *, day_of: Callable[[datetime], date]) -> list[Day]:
    """Return the last DAYS days, today the last; `day_of` tells on which day a time lies."""
    since = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=DAYS)
    query = select(VisitHour).where(VisitHour.hour >= since)
    counted: dict[date, tuple[int, ...]] = {}
    for hour in db.session.scalars(query):
        # days are put together from hours, as zones differ by them
        so_far = counted.get(day_of(hour.hour), (0, 0, 0))
        more = (hour.opened, hour.camera, hour.found)
        counted[day_of(hour.hour)] = tuple(a + b for a, b in zip(so_far, more, strict=True))
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    return [Day(day, *counted.get(day, ())) for day in days]


def _first_id(since: datetime) -> UUID:
    """The least id that a row of this time can have: ids begin with their milliseconds."""
    return UUID(int=int(since.timestamp() * 1000) << 80)
