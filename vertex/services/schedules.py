"""Schedules: what is done again and again, begun once however many look at the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from vertex.extensions import db
from vertex.models import Schedule
from vertex.services import jobs
from vertex.services._transaction import add_first, atomic


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of job without arguments, and how long after one the next is due."""

    kind: str
    every: timedelta


def add_due(recurring: Recurring, now: datetime) -> bool:
    """Add the job if its time has come and the last one has ended; of many who ask, one does."""
    subject = f"schedule:{recurring.kind}"
    query = select(Schedule.last_run_at).where(Schedule.name == recurring.kind)
    last = db.session.scalar(query)
    if (last is not None and last > now - recurring.every) or jobs.unfinished(subject):
        return False
    with atomic():
        taken = _take_first(recurring, now) if last is None else _take(recurring, now)
        if taken:
            jobs.add(recurring.kind, subject=subject, arguments={}, priority=jobs.BULK)
    return taken


def is_begun(kind: str) -> bool:
    """Whether a job of this kind was ever added by the clock."""
    return db.session.scalar(select(Schedule.id).where(Schedule.name == kind)) is not None


def add_wanted(kind: str) -> bool:
    """Add a job without arguments that there is something for, unless one is open already."""
    subject = f"schedule:{kind}"
    if jobs.unfinished(subject):
        return False
    jobs.add(kind, subject=subject, arguments={}, priority=jobs.BULK)
    return True


def _take(recurring: Recurring, now: datetime) -> bool:
    taken = db.session.execute(
        update(Schedule)
        .where(Schedule.name == recurring.kind, Schedule.last_run_at <= now - recurring.every)
        .values(last_run_at=now)
        .returning(Schedule.id)
    ).first()
    return taken is not None


def _take_first(recurring: Recurring, now: datetime) -> bool:
    return add_first(Schedule(name=recurring.kind, last_run_at=now), "uq_schedules_name")
