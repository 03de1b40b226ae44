"""Chance that can be repeated: times, ids, phones and codes that follow from a number alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import gcd
from random import Random
from uuid import UUID

_OPENS, _OPEN_FOR = 9, 11  # o'clock, hours
_GROWTH = 0.7  # a studio has more to do every year
_RUSSIAN = (
    "903",
    "905",
    "906",
    "909",
    *map(str, range(910, 926)),
    "926",
    "960",
    "961",
    "985",
    "999",
)
_BRITISH = tuple(str(number) for number in range(7400, 7420))


class Calendar:
    """The days of a studio up to and with the last one, on which chance is spread."""

    def __init__(self, last: date, days: int) -> None:
        self.end = datetime.combine(last, time(), UTC)
        self._days = days

    def at(self, share: float, *, even: bool = False) -> datetime:
        """Return the moment in opening hours at which this share of all has happened."""
        day = (share if even else share**_GROWTH) * self._days
        whole = int(day)
        hours = _OPENS + (day - whole) * _OPEN_FOR
        return self.end - timedelta(days=self._days - whole) + timedelta(hours=hours)


def shares(count: int, chance: Random) -> Iterator[float]:
    """Return so many shares between 0 and 1 in their order, evenly but not too evenly spread."""
    return ((n + chance.random()) / count for n in range(count))


def id_at(when: datetime, chance: Random) -> UUID:
    """Return an id (RFC 9562, version 7) of a row that was made then."""
    milliseconds = int(when.timestamp() * 1000)
    bits = chance.getrandbits(74)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    )


class Scattered:
    """Numbers below a size, each once, in an order that looks like chance."""

    def __init__(self, size: int, chance: Random) -> None:
        self._size, self._first = size, chance.randrange(size)
        step = int(size * 0.618) + chance.randrange(1000)
        while gcd(step, size) != 1:
            step += 1
        self._step = step

    def __getitem__(self, number: int) -> int:
        return (self._first + number * self._step) % self._size


class Phones:
    """Phones that nobody has twice."""

    def __init__(self, chance: Random) -> None:
        self._russian = Scattered(len(_RUSSIAN) * 10**7, chance)
        self._british = Scattered(len(_BRITISH) * 10**6, chance)

    def russian(self, number: int) -> str:
        """Return the mobile number, in E.164, of this client."""
        prefix, rest = divmod(self._russian[number], 10**7)
        return f"+7{_RUSSIAN[prefix]}{rest:07}"

    def british(self, number: int) -> str:
        """Return the mobile number, in E.164, of this client."""
        prefix, rest = divmod(self._british[number], 10**6)
        return f"+44{_BRITISH[prefix]}{rest:06}"
