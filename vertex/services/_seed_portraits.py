"""The portraits of a made-up studio, with their codes, videos and the work that made them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from vertex.models import JobState, PortraitStatus, Recognisable, VideoStatus
from vertex.models.folding import fold, searchable
from vertex.services import _seed_words as words
from vertex.services._seed_chance import Calendar, Scattered
from vertex.services._seed_files import Shared
from vertex.services._seed_people import born
from vertex.services.portraits import MARKER_JOB, subject_of

_POOR = 0.03
_RATINGS = (2, 3, 3, 4, 4, 4, 5, 5, 5, 5)
_WITHOUT_VIDEO = 0.05
_JOBS_KEPT = timedelta(days=30)
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as its portraits have to know it."""

    id: UUID
    client_id: UUID
    when: datetime
    binned: datetime | None


def portraits(
    count: int, orders: Sequence[Placed], shared: Shared, chance: Random
) -> Iterator[dict[str, Any]]:
    """Return the rows of portraits: of an order none, one or some."""
    for number in range(count):
        place = max(0, number * len(orders) // count - chance.choice((0, 0, 0, 1, 2)))
        order = orders[place]
        when = order.when + timedelta(minutes=chance.randint(5, 600))
        poor = chance.random() < _POOR
        title = chance.choice(words.TITLES)
        picture = -1 if poor else chance.randrange(len(shared.portraits) - 1)
        yield {
            **born(when, chance),
            "client_id": order.client_id,
            "order_id": order.id,
            "title": title,
            "search_text": searchable(fold(title)),
            **shared.portraits[picture],
            "status": PortraitStatus.READY,
            "rating": None if poor else chance.choice(_RATINGS),
            "marker_ms": chance.randint(40, 120),
            "deleted_at": order.binned or (when if chance.random() < 0.005 else None),
        }


class Codes:
    """Codes that nobody has twice."""

    def __init__(self, chance: Random) -> None:
        self._scattered = Scattered(32**10, chance)
        self._given = 0

    def next(self) -> str:
        """Return a code that was not given yet."""
        number = self._scattered[self._given]
        self._given += 1
        return "".join(_SIGNS[number >> 5 * place & 31] for place in range(10))


def code_of(row: dict[str, Any], codes: Codes, chance: Random, *, album: bool) -> dict[str, Any]:
    """Return the row of the code of a portrait or an order."""
    named = {"portrait_id": None, "order_id": row["id"]} if album else {
        "portrait_id": row["id"], "order_id": None
    }  # fmt: skip
    return {**born(row["created_at"], chance), "code": codes.next(), **named}


def video_of(portrait: dict[str, Any], shared: Shared, chance: Random) -> dict[str, Any] | None:
    """Return the row of a portrait's video, if it has one."""
    if chance.random() < _WITHOUT_VIDEO:
        return None
    when = portrait["created_at"] + timedelta(minutes=chance.randint(1, 90))
    return {
        **born(when, chance),
        "portrait_id": portrait["id"],
        **shared.videos[chance.randrange(len(shared.videos))],
        "status": VideoStatus.READY,
        "active": True,
        "made_revision": 1,
    }


def job_of(portrait: dict[str, Any], calendar: Calendar, chance: Random) -> dict[str, Any] | None:
    """Return the row of the job that made a portrait's marker, if it is still remembered."""
    when = portrait["created_at"]
    if when < calendar.end - _JOBS_KEPT:
        return None
    failed = portrait["recognisable"] is Recognisable.YES and chance.random() < 0.01
    return {
        **born(when, chance),
        "kind": MARKER_JOB,
        "subject": subject_of(portrait["id"]),
        "arguments": {"portrait_id": str(portrait["id"])},
        "state": JobState.FAILED if failed else JobState.DONE,
        "priority": 0,
        "attempts": 5 if failed else 1,
        "claims": 1,
        "run_at": when,
        "progress": None if failed else 1.0,
        "error": "The worker was stopped." if failed else None,
        "finished_at": when + timedelta(seconds=2),
    }
