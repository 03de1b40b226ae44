"""`make bench-pages`: what the pages of the staff take in small, middling and large studios.

python -m benchmarks.pages [--rounds 25] [--seconds 600] [--sqlite-only]

The first run makes the studios (half an hour or more), and keeps them.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.pages import report, studios
from benchmarks.pages.studios import SIZES
from benchmarks.pages.visitors import Answer, Visitor
from tests.servers.vertex_server import Installation

_AT_ONCE = 4
_OPEN = ("queued", "running")
_PAUSE = 5  # s


@dataclass(frozen=True, slots=True)
class Limits:
    """How often every page is asked for, and for how long at most."""

    rounds: int
    seconds: float


def main() -> None:
    """Measure both databases, and write docs/benchmarks/pages.md."""
    parser = argparse.ArgumentParser("benchmarks.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=600, help="at most, for a database")
    parser.add_argument("--sqlite-only", action="store_true")
    given = parser.parse_args()
    limits = Limits(given.rounds, given.seconds)
    parts = [_measure("SQLite", studios.on_sqlite, limits, None)]
    if not given.sqlite_only:
        with studios.postgresql() as port:
            server = studios.folder() / "postgresql" / "data" / "postmaster.pid"
            process = int(server.read_text().splitlines()[0])
            parts.append(
                _measure(
                    "PostgreSQL",
                    lambda size: studios.on_postgresql(size, port),
                    limits,
                    process,
                )
            )
    print(report.write(parts))


def _measure(
    name: str, make: Callable[[int], Installation], limits: Limits, database: int | None
) -> str:
    installations = {size: make(size) for size in SIZES}
    for studio in installations.values():
        studio.start()
    try:
        _wait_for_jobs(installations)
        visitors = {size: Visitor(one, database) for size, one in installations.items()}
        pages = {size: visitor.pages() for size, visitor in visitors.items()}
        answers = _ask_in_turn(visitors, pages, limits)
        rates = {
            size: _rate(installations[size], list(pages[size].values()), database) for size in SIZES
        }
        return report.part(name, answers, rates)
    finally:
        for studio in installations.values():
            studio.stop()


def _wait_for_jobs(installations: Mapping[int, Installation]) -> None:
    """Wait until a large studio has done what falls due at its first start, as emptying its bin."""
    for studio in installations.values():
        studio.flask("jobs", "run")
        while any(studio.flask("jobs", "list", "--state", state) for state in _OPEN):
            time.sleep(_PAUSE)


def _ask_in_turn(
    visitors: Mapping[int, Visitor], pages: Mapping[int, Mapping[str, str]], limits: Limits
) -> dict[str, dict[int, list[Answer]]]:
    names = list(pages[SIZES[0]])
    answers: dict[str, dict[int, list[Answer]]] = {
        name: {size: [] for size in SIZES} for name in names
    }
    until = time.monotonic() + limits.seconds
    for number in range(limits.rounds + 1):
        if number > 1 and time.monotonic() > until:
            break
        for name in names:
            for size in SIZES:
                answer = visitors[size].ask(pages[size][name])
                if number:  # the first round finds nothing in memory
                    answers[name][size].append(answer)
    return answers


def _rate(studio: Installation, paths: list[str], database: int | None) -> float:
    """Requests a second, by some visitors at once who each ask for every page."""
    visitors = [Visitor(studio, database) for _ in range(_AT_ONCE)]

    def ask_for_all(visitor: Visitor) -> int:
        return sum(1 for path in paths if visitor.read(path))

    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        count = sum(pool.map(ask_for_all, visitors))
    return count / (time.monotonic() - began)


if __name__ == "__main__":
    main()
