"""`make bench-recogniser`: measures, prints the table of goals and writes docs/benchmarks.

python -m benchmarks.recogniser                      everything (some 25 minutes)
python -m benchmarks.recogniser --quick              a subset, which leaves the docs alone
python -m benchmarks.recogniser --only start,clips   some parts; the others from their last run
python -m benchmarks.recogniser --report-only        nothing; all from the last runs
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import Any

from playwright.sync_api import Playwright

from benchmarks.recogniser import (
    album,
    beyond,
    footage,
    markers,
    offline,
    peers,
    report,
    rounds,
    timing,
)
from benchmarks.recogniser.cache import Results
from benchmarks.recogniser.site import Site, served
from benchmarks.recogniser.studio import open_for
from benchmarks.recogniser.viewing import Stage
from tests import pictures
from tests.browser.chromium import driver


class Bench:
    """Everything that the parts need, started when the first of them asks."""

    def __init__(self, options: argparse.Namespace, stack: ExitStack) -> None:
        self._options = options
        self._stack = stack

    @cached_property
    def peers(self) -> peers.Peers:
        """The peers, downloaded."""
        return peers.fetch()

    @cached_property
    def site(self) -> Site:
        """The pages of the peers, being served."""
        folders = {"mindar": self.peers.mindar, "arjs": self.peers.arjs}
        return self._stack.enter_context(served(markers.made(), folders))

    @cached_property
    def own_site(self) -> Site:
        """The pages that need no peer."""
        return self._stack.enter_context(served(markers.made(), {}))

    @cached_property
    def names(self) -> list[str]:
        """The photographs of this run."""
        everything = list(pictures.PICTURES)
        return everything[:2] if self._options.quick else everything

    @cached_property
    def stage(self) -> Stage:
        """All contestants, ready to be looked at."""
        if not markers.complete(self.site, self.names):
            markers.measure(self.site, self.peers, self.names)
        return self._stage(self.site, self.names)

    @cached_property
    def own_stage(self) -> Stage:
        """Ours alone, in front of the portrait."""
        return self._stage(self.own_site, [footage.PORTRAIT])

    def _stage(self, site: Site, names: list[str]) -> Stage:
        studio = self._stack.enter_context(open_for(names, site.made / "pictures"))
        return Stage(self._playwright, site, studio)

    @cached_property
    def _playwright(self) -> Playwright:
        return driver()


def parts(bench: Bench, options: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """What can be measured, in the order in which it is."""
    quick, repeat = options.quick, options.repeat
    return {
        "markers": lambda: markers.measure(bench.site, bench.peers, bench.names),
        "timing": lambda: timing.measure(bench.own_site, quick=quick),
        "album": lambda: album.measure(bench.own_site, quick=quick),
        "accuracy": lambda: offline.accuracy(footage.standard(quick=quick)),
        "beyond": lambda: beyond.measure(quick=quick),
        "wrong": lambda: offline.wrong_pictures(options.wrong_minutes, quick=quick),
        "start": lambda: rounds.starts(bench.stage, (2 if quick else 3) * repeat, quick=quick),
        "clips": lambda: rounds.visits(bench.stage, repeat, quick=quick),
        "phone": lambda: rounds.phone(bench.stage, repeat, quick=quick),
        "slow": lambda: rounds.slow(bench.stage, repeat),
        "endurance": lambda: rounds.endurance(bench.own_stage, options.minutes),
    }


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser("benchmarks.recogniser", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a subset, in minutes")
    parser.add_argument("--only", metavar="PART,…", default="", help="parts to measure")
    parser.add_argument("--report-only", action="store_true", help="measure nothing")
    parser.add_argument("--repeat", type=int, default=1, help="times each clip is looked at")
    parser.add_argument("--minutes", type=float, help="of the endurance run (1; 10 for the goal)")
    parser.add_argument("--wrong-minutes", type=float, help="of wrong pictures (10)")
    chosen = parser.parse_args()
    if chosen.minutes is None:
        chosen.minutes = 0.2 if chosen.quick else 1.0
    if chosen.wrong_minutes is None:
        chosen.wrong_minutes = 0.5 if chosen.quick else 10.0
    return chosen


def main() -> None:
    """Measure what is wanted, then report on everything there is."""
    chosen = options()
    results = Results(quick=chosen.quick)
    with ExitStack() as stack:
        every = parts(Bench(chosen, stack), chosen)
        wanted = [name for name in chosen.only.split(",") if name] or list(every)
        if unknown := set(wanted) - set(every):
            sys.exit(f"unknown parts {sorted(unknown)}; there are: {', '.join(every)}")
        if not chosen.report_only:
            footage.prepare(quick=chosen.quick)
            for name in wanted:
                _run(name, every[name], results)
    found = {name: whole for name in every if (whole := results.load(name))}
    print(report.summary(found))
    if not chosen.quick:
        print(f"\nwritten: {report.write(found)}")


def _run(name: str, part: Callable[[], Any], results: Results) -> None:
    print(f"{name} …", end=" ", flush=True)
    began = time.monotonic()
    data = part()
    seconds = time.monotonic() - began
    results.save(name, data, seconds)
    print(f"{seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
