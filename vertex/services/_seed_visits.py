"""The visits of a made-up studio's customers: most of them to the latest portraits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from vertex.services._seed_chance import Calendar, shares
from vertex.services._seed_people import born

DAYS = 730  # for as long as visits are kept

_POPULAR = 500  # one portrait of so many hangs where everybody passes
_DEVICES = ("phone",) * 18 + ("tablet", "desk")


@dataclass(frozen=True, slots=True)
class Shown:
    """A portrait as its visits have to know it."""

    id: UUID
    order_id: UUID
    code_id: UUID
    when: datetime
    found: bool


def visits(
    count: int, portraits: Sequence[Shown], calendar: Calendar, chance: Random
) -> Iterator[dict[str, Any]]:
    """Return the rows of visits, the oldest first; `portraits` are in the order of their time."""
    known = 0
    for share in shares(count, chance):
        when = calendar.at(share, even=True) + timedelta(milliseconds=chance.randrange(60_000))
        while known < len(portraits) and portraits[known].when <= when:
            known += 1
        if not known:
            continue
        place = int(known * chance.random() ** 0.4)
        if chance.random() < 0.05:
            place = place // _POPULAR * _POPULAR
        yield _visit(portraits[place], when, chance)


def _visit(portrait: Shown, when: datetime, chance: Random) -> dict[str, Any]:
    camera = chance.random() < 0.78
    found = camera and portrait.found and chance.random() < 0.9
    watched = int(1000 * chance.uniform(1, 30)) if found and chance.random() < 0.95 else 0
    return {
        **born(when, chance),
        "token": f"{chance.getrandbits(128):032x}",
        "code_id": portrait.code_id,
        "portrait_id": portrait.id,
        "order_id": portrait.order_id,
        "camera": camera,
        "found_ms": int(1000 * chance.lognormvariate(0, 0.6)) if found else None,
        "watched_ms": watched,
        "sound": watched > 0 and chance.random() < 0.4,
        "fallback": None if camera else chance.choice(("denied", "no-camera", None)),
        "device": chance.choice(_DEVICES),
    }
