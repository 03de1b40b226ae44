"""The pages as tables, and docs/benchmarks/pages.md."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.pages.studios import SIZES
from benchmarks.pages.visitors import Answer

MOST = 1.5  # times what it takes in the smallest studio

_SAME = 1.25  # times the bytes of its page there: beyond that more is on it

_FILE = Path(__file__).parents[2] / "docs" / "benchmarks" / "pages.md"
_Answers = Mapping[str, Mapping[int, Sequence[Answer]]]


def part(database: str, answers: _Answers, rates: Mapping[int, float]) -> str:
    """The table of one database, with what is met and what is not."""
    head = ["page", *(f"p50 / p95, {size:,}" for size in SIZES), "p95, ratio"]
    head += [*(f"CPU, {size:,}" for size in SIZES), "CPU p95, ratio", "kB", ""]
    rows = [head, ["---", *["---:"] * (len(head) - 2), "---"]]
    missed = []
    for page, found in answers.items():
        judged = _ratio(found, "cpu")
        verdict = "met" if judged <= MOST else "**not met**"
        if judged > MOST and _growth(found) > _SAME:
            verdict = "**not met**; more is on it"
        if judged > MOST:
            missed.append(f"{page} ({judged:.1f})")
        rows.append(
            [
                page,
                *(f"{_middle(found[n], 'ms'):.0f} / {_p95(found[n], 'ms'):.0f}" for n in SIZES),
                f"{_ratio(found, 'ms'):.2f}",
                *(f"{_middle(found[n], 'cpu'):.1f}" for n in SIZES),
                f"{judged:.2f}",
                f"{found[SIZES[0]][0].size / 1024:.0f} → {found[SIZES[-1]][0].size / 1024:.0f}",
                verdict,
            ]
        )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    rate = ", ".join(f"{rate:.0f} at {size:,}" for size, rate in rates.items())
    met = len(answers) - len(missed)
    said = f"{met} of {len(answers)} pages keep to {MOST} by CPU."
    if missed:
        said += f" Not met: {', '.join(missed)}."
    rounds = len(next(iter(answers.values()))[SIZES[0]])
    said += f" {rounds} rounds. Requests a second, all pages in turn, four at once: {rate}."
    return f"## {database}\n\n{said}\n\n{table}\n"


def write(parts: Sequence[str]) -> str:
    """Write the page of documentation; its text."""
    day = datetime.now(UTC).date().isoformat()
    load = ", ".join(f"{number:.0f}" for number in os.getloadavg())
    text = f"""# The pages of the staff, in studios of three sizes

By `make bench-pages`, {day}: {os.cpu_count()} processors, Python {platform.python_version()}, \
load {load}. In each round the three studios answer for the same page one after the other, so \
that what else the machine does falls on all of them.

Studios are made by `flask seed`: for 1,000 clients 2,000 orders, 2,000 portraits and 20,000 \
visits, and so on. A real gunicorn on the loopback, a signed-in session, one connection; every \
page is asked for once before it is measured. Times are ms. *CPU* is what the server's process, \
and all processes of PostgreSQL, have spent on the request: on a machine that is busy with other \
work it is the figure to go by, and the goal, at 100,000 clients at most {MOST} times the p95 at \
1,000, is judged by it. *kB* is the page itself at 1,000 and at 100,000 clients: a list that is \
not full in the small studio is a longer page in the large one, and costs more to write, not to \
find.

"""
    text += "\n".join(parts)
    _FILE.write_text(text)
    return text


def _growth(found: Mapping[int, Sequence[Answer]]) -> float:
    return found[SIZES[-1]][0].size / found[SIZES[0]][0].size


def _values(answers: Sequence[Answer], what: str) -> list[float]:
    return sorted(getattr(answer, what) for answer in answers)


def _middle(answers: Sequence[Answer], what: str) -> float:
    return statistics.median(_values(answers, what))


def _p95(answers: Sequence[Answer], what: str) -> float:
    values = _values(answers, what)
    return values[max(0, round(len(values) * 0.95) - 1)]


def _ratio(found: Mapping[int, Sequence[Answer]], what: str) -> float:
    return _p95(found[SIZES[-1]], what) / _p95(found[SIZES[0]], what)
