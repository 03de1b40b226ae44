"""The tables of the report."""

from collections.abc import Callable
from typing import Any

from benchmarks.recogniser import figures
from benchmarks.recogniser.figures import Visit, median, percentile
from benchmarks.recogniser.footage import PORTRAIT, WORDS
from benchmarks.recogniser.goals import number
from benchmarks.recogniser.viewing import CONTESTANTS, NAMES

TRACKERS = CONTESTANTS[1:]


def table(head: list[str], body: list[list[str]]) -> str:
    """Rows of cells as Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def starts(visits: list[Visit]) -> str:
    """Start times of all contestants by situation."""
    situations = list(dict.fromkeys(visit["situation"] for visit in visits))
    body = []
    for who in CONTESTANTS:
        own = figures.of(visits, who)
        cells = [
            number(median(v["found"] for v in own if v["situation"] == name and v["found"]))
            for name in situations
        ]
        above = figures.above_bare(visits, who)
        spread = f"{min(above):,.0f} to {max(above):,.0f}" if above and who != "bare" else ""
        more = number(median(above)) if who != "bare" else ""
        missed = sum(visit["found"] is None for visit in own)
        body.append([NAMES[who], *cells, more, spread, f"{missed} of {len(own)}"])
    head = ["ms, median", *situations, "above bare", "its range", "not found"]
    return f"{table(head, body)}\n\n{_steps(visits)}"


STEPS = {
    "start": "Start can be tapped",
    "worker": "first word of the Worker",
    "camera": "the camera plays",
    "drawing": "A-Frame draws",
    "position": "first position",
}


def _steps(visits: list[Visit]) -> str:
    """When each contestant had reached what on its way, ms."""
    body = []
    for who in CONTESTANTS:
        marks = [visit.get("marks", {}) for visit in figures.of(visits, who)]
        cells = [number(median(m[step] for m in marks if step in m)) for step in STEPS]
        whole = median(v["found"] for v in figures.of(visits, who) if v["found"])
        body.append([NAMES[who], *cells, number(whole)])
    return table(["on the way, ms, median", *STEPS.values(), "recognised"], body)


def clips(visits: list[Visit]) -> str:
    """Each clip: found after, positions a second, error median / 95th percentile."""
    head = ["clip"]
    for name in (NAMES[who] for who in TRACKERS):
        head += [f"{name}: s", "pos/s", "error px"]
    body = []
    for (picture, situation), seen in figures.by_clip(visits).items():
        line = [WORDS[situation] if picture == PORTRAIT else f"{picture}, {WORDS[situation]}"]
        for who in TRACKERS:
            line += _visited(figures.of(seen, who))
        body.append(line)
    words = (
        "Seconds until found, positions a second, and the error's median / 95th percentile. "
        f"The clips show the portrait `{PORTRAIT}` unless another photograph is named. "
        + _lost(visits)
    )
    return f"{table(head, body)}\n\n{words}"


def _visited(visits: list[Visit]) -> list[str]:
    if not figures.found(visits):
        return ["not found", "", ""]
    off = figures.errors(visits)
    seconds = number((median(visit["found"] for visit in visits) or 0) / 1000, "", 1)
    error = f"{number(median(off), '', 2)} / {number(percentile(off, 95), '', 2)}"
    return [seconds, number(figures.positions(visits), "", 0), error]


def _lost(visits: list[Visit]) -> str:
    """How often each lost a print that was in view."""
    there = [visit for visit in visits if visit["situation"] != "leaves"]
    counts = {who: sum(v["lost"] for v in figures.of(there, who)) for who in TRACKERS}
    told = ", ".join(f"{NAMES[who]} {count}" for who, count in counts.items())
    return f"Times a print in view was lost: {told}."


def _markers(data: dict[str, Any]) -> str:
    head = ["photograph", "Vertex", "its first", "MindAR", "its first", "AR.js"]
    head += [f"{NAMES[who]} kB" for who in TRACKERS]
    body = []
    for picture, made in data.items():
        ours = made["vertex"]
        times = [number(ours["ms"], " ms"), number(ours["first_ms"], " ms")]
        theirs = (made["mindar"]["ms"], made["mindar"]["first_ms"], made["arjs"]["ms"])
        times += [number(ms / 1000, " s", 1) for ms in theirs]
        sizes = [number(made[who]["bytes"] / 1000, "", 1) for who in TRACKERS]
        body.append([picture, *times, *sizes])
    words = (
        "Ours is the median of seven in a warm process, and the first of a new process; MindAR's "
        "the second and the first of a new browser; AR.js's one run of its native maker on one "
        "thread. Starting the process or the browser is not in it."
    )
    return f"## Markers\n\n{table(head, body)}\n\n{words}"


def _timing(data: list[dict[str, Any]]) -> str:
    body = [
        [
            entry["situation"],
            "SIMD" if entry["build"] == "simd" else "plain",
            *(
                f"{entry[kind]['median']:.2f} / {entry[kind]['p95']:.2f}"
                for kind in ("search", "follow")
            ),
        ]
        for entry in data
    ]
    head = ["clip", "build", "detection ms", "alignment ms"]
    words = (
        "Median / 95th percentile of one frame in a Worker of Chromium, nothing else on the page."
    )
    return f"## The cost of a frame\n\n{table(head, body)}\n\n{words}"


def _album(data: list[dict[str, Any]]) -> str:
    body = [
        [
            str(entry["portraits"]),
            number(entry["bytes"] / 1000, "", 0),
            f"{entry['median']:.2f} / {entry['p95']:.2f}",
            f"{entry['median'] / data[0]['median']:.2f}×",
            f"{entry['found']} of {entry['looks']}",
        ]
        for entry in data
    ]
    head = ["portraits", "marker kB", "first detection ms", "of one portrait's", "found"]
    words = (
        "Median / 95th percentile in a Worker of Chromium, with SIMD, each look from scratch; the "
        "prints that are looked at are three of the album."
    )
    return f"## Albums\n\n![Albums](albums.svg)\n\n{table(head, body)}\n\n{words}"


def _accuracy(data: list[dict[str, Any]]) -> str:
    body = [
        [
            entry["picture"],
            WORDS[entry["situation"]],
            f"{entry['found']} of {entry['frames']}",
            number(entry["median"], "", 3),
            number(entry["p95"], "", 3),
            number(entry["jitter"], "", 3),
            number(entry["wander"], "", 3),
        ]
        for entry in data
    ]
    head = ["photograph", "situation", "found", "median px", "p95 px", "trembles px", "wanders px"]
    return f"## Ours alone, every frame, offline\n\n{table(head, body)}"


def _beyond(data: list[dict[str, Any]]) -> str:
    body = [
        [
            WORDS[entry["situation"]],
            f"{entry['found']} of {entry['frames']}",
            number(entry.get("median"), "", 2),
            number(entry.get("p95"), "", 2),
        ]
        for entry in data
    ]
    head = ["situation", "found", "median px", "p95 px"]
    return f"## Beyond the standard, offline\n\n{table(head, body)}"


def _phone(data: list[Visit]) -> str:
    return f"## A phone-shaped screen, 390×844\n\n{clips(data)}"


def _endurance(data: Visit) -> str:
    if "memory" not in data:
        return ""
    body = [
        [number(moment["at"] / 60, "", 1)]
        + [number(moment[what], "", digits) for what, digits in HELD.values()]
        for moment in data["memory"]
    ]
    head = ["minute", *(f"{words}, MB" for words in HELD)]
    words = f"After a collection; {data['positions']:.1f} positions a second all the time."
    return f"## Endurance\n\n{table(head, body)}\n\n{words}"


HELD = {
    "heap of the page": ("page", 2),
    "heap of the Worker": ("worker", 2),
    "resident": ("resident", 1),
}

OTHERS: dict[str, Callable[[Any], str]] = {
    "phone": _phone,
    "endurance": _endurance,
    "accuracy": _accuracy,
    "beyond": _beyond,
    "timing": _timing,
    "album": _album,
    "markers": _markers,
}
