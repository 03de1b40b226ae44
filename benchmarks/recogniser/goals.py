"""What the recogniser must reach, and whether it does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.recogniser import figures
from benchmarks.recogniser.figures import Visit, median

CAMERA = 30.0  # frames a second
PEERS = ("mindar", "arjs")


@dataclass(frozen=True)
class Row:
    """One goal: what was measured of whom, in words, and whether ours is there (None: not said)."""

    what: str
    goal: str
    vertex: str
    met: bool | None
    others: dict[str, str] = field(default_factory=dict)
    ratio: str = ""


def rows(found: dict[str, Any]) -> list[Row]:
    """The goals on which there are results."""
    makers: dict[str, Callable[[Any], Iterator[Row]]] = {
        "markers": _markers,
        "start": _start,
        "timing": _timing,
        "album": _album,
        "clips": _clips,
        "slow": _slow,
        "accuracy": _accuracy,
        "beyond": _beyond,
        "wrong": _wrong,
        "phone": _phone,
        "endurance": _endurance,
    }
    return [
        row for part, make in makers.items() if part in found for row in make(found[part]["data"])
    ]


def number(value: float | None, unit: str = "", digits: int = 0) -> str:
    """A figure with its unit; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}{unit}"


def _markers(data: dict[str, Any]) -> Iterator[Row]:
    for words, what, others in (
        ("in a warm process or browser", "ms", PEERS),
        ("the first of a new process or browser", "first_ms", PEERS[:1]),
    ):
        ms = {who: median(figures.markers_of(data, who, what)) or 0 for who in ("vertex", *others)}
        yield Row(
            f"marker of a 1000 px photograph, {words}, median",
            "≥ 100 times faster than MindAR's compiler",
            number(ms["vertex"], " ms"),
            ms["mindar"] >= 100 * ms["vertex"],
            {who: number(ms[who] / 1000, " s", 1) for who in others},
            " / ".join(f"{ms[who] / ms['vertex']:,.0f}×" for who in others),
        )
    size = {who: max(figures.markers_of(data, who, "bytes")) for who in ("vertex", *PEERS)}
    yield Row(
        "largest marker",
        "≤ 90 kB",
        number(size["vertex"] / 1000, " kB", 1),
        size["vertex"] <= 90_000,
        {who: number(size[who] / 1000, " kB") for who in PEERS},
        " / ".join(f"{size[who] / size['vertex']:.1f}×" for who in PEERS),
    )


def _start(data: list[Visit]) -> Iterator[Row]:
    above = {who: median(figures.above_bare(data, who)) for who in ("vertex", *PEERS)}
    whole = {
        who: median(v["found"] for v in figures.of(data, who) if v["found"])
        for who in ("bare", *PEERS)
    }
    ours = above["vertex"]
    yield Row(
        "navigation to first recognised frame, above the bare page, median",
        "≤ 150 ms",
        number(ours, " ms"),
        ours is not None and ours <= 150,
        {who: number(above[who], " ms") for who in PEERS} | {"bare": number(whole["bare"], " ms")},
    )
    for who, share in (("mindar", 10), ("arjs", 5)):
        theirs = above[who]
        known = ours is not None and theirs is not None
        yield Row(
            f"the same, against {'MindAR' if who == 'mindar' else 'AR.js'}'s",
            f"≤ 1/{share}",
            number(ours, " ms"),
            ours * share <= theirs if ours is not None and theirs is not None else None,
            {who: number(theirs, " ms")},
            f"1/{theirs / max(ours, 1):.1f}" if known and ours and theirs else "",
        )


def _timing(data: list[dict[str, Any]]) -> Iterator[Row]:
    kinds = {"search": "detection", "follow": "alignment"}
    limits = {("simd", "search"): 6, ("simd", "follow"): 1, ("plain", "search"): 15}
    limits |= {("plain", "follow"): 2}
    for (build, kind), limit in limits.items():
        ms = max(entry[kind]["median"] for entry in data if entry["build"] == build)
        yield Row(
            f"a frame in the Worker, {kinds[kind]}{'' if build == 'simd' else ', without SIMD'}",
            f"≤ {limit} ms",
            number(ms, " ms", 2),
            ms <= limit,
        )
    memory = max(entry["memory"] for entry in data)
    yield Row("memory of the core", "≤ 16 MB", number(memory / 1e6, " MB", 1), memory <= 16e6)


def _album(data: list[dict[str, Any]]) -> Iterator[Row]:
    most = data[-1]
    curve = ", ".join(f"{e['median']:.1f} ms at {e['portraits']}" for e in data[:-1])
    yield Row(
        f"album of {most['portraits']} portraits: first detection, median ({curve})",
        "≤ 25 ms",
        number(most["median"], " ms", 1),
        most["median"] <= 25,
    )
    missed = sum(entry["looks"] - entry["found"] for entry in data)
    looks = sum(entry["looks"] for entry in data)
    yield Row(
        "looks at a print of the album in which it is found",
        "all",
        f"{looks - missed} of {looks}",
        not missed,
    )


def _clips(data: list[Visit]) -> Iterator[Row]:
    rate = {who: figures.positions(figures.of(data, who)) for who in ("vertex", *PEERS)}
    yield Row(
        "positions a second, median of all clips",
        "every camera frame (30)",
        number(rate["vertex"], "", 1),
        (rate["vertex"] or 0) >= 0.98 * CAMERA,
        {who: number(rate[who], "", 1) for who in PEERS},
        " / ".join(f"{(rate['vertex'] or 0) / (rate[who] or 1):.1f}×" for who in PEERS),
    )
    moving = [visit for visit in data if visit["situation"] in ("slow", "fast")]
    lag = {
        who: median(lag for visit in figures.of(moving, who) for lag in visit.get("lags", []))
        for who in ("vertex", *PEERS)
    }
    yield Row(
        "lag of the overlay behind the frame that is shown, median",
        "0 frames",
        number(lag["vertex"]),
        lag["vertex"] == 0,
        {who: number(lag[who]) for who in PEERS},
    )
    yield from _seen(data)


def _seen(data: list[Visit]) -> Iterator[Row]:
    groups = figures.by_clip(data).items()
    missed = {
        who: [clip for clip, visits in groups if not figures.found(figures.of(visits, who))]
        for who in ("vertex", *PEERS)
    }
    many = len(groups)
    yield Row(
        "clips in which the print is found in the browser",
        "all",
        f"{many - len(missed['vertex'])} of {many}",
        not missed["vertex"],
        {who: f"{many - len(missed[who])} of {many}" for who in PEERS},
    )
    long = {
        who: sum(len(visit["count"]["long"]) for visit in figures.of(data, who) if "count" in visit)
        for who in ("vertex", *PEERS)
    }
    yield Row(
        "tasks over 50 ms on the main thread while following, all clips",
        "none",
        str(long["vertex"]),
        long["vertex"] == 0,
        {who: str(long[who]) for who in PEERS},
    )


def _slow(data: list[Visit]) -> Iterator[Row]:
    rate = {who: figures.positions(figures.of(data, who)) for who in ("vertex", *PEERS)}
    yield Row(
        "positions a second at a quarter of the page's speed",
        "≥ 20",
        number(rate["vertex"], "", 1),
        (rate["vertex"] or 0) >= 20,
        {who: number(rate[who], "", 1) for who in PEERS},
    )


def _accuracy(data: list[dict[str, Any]]) -> Iterator[Row]:
    missing = [entry for entry in data if entry["found"] < entry["frames"]]
    for what, limit in (("median", 0.3), ("p95", 0.6)):
        known = [entry for entry in data if entry[what] is not None]
        worst = max(known, key=lambda entry: float(entry[what]))
        within = all(entry[what] is not None and entry[what] <= limit for entry in data)
        yield Row(
            f"error of the corners, {what}, worst clip (offline, every frame)",
            f"≤ {limit} px",
            f"{worst[what]:.2f} px ({worst['picture']}, {worst['situation']})",
            within,
        )
    frames = sum(entry["frames"] for entry in data)
    yield Row(
        "frames with the print in them in which it is found (offline)",
        "all",
        f"{frames - sum(e['frames'] - e['found'] for e in missing):,} of {frames:,}",
        not missing,
    )
    still = next(e for e in data if e["situation"] == "frontal" and e["jitter"] is not None)
    yield Row(
        "jitter of a still print", "≤ 0.05 px", f"{still['jitter']:.3f} px", still["jitter"] <= 0.05
    )


def _beyond(data: list[dict[str, Any]]) -> Iterator[Row]:
    hard = [entry for entry in data if "median" in entry]
    short = [e for e in hard if e["found"] < 0.95 * e["frames"]]
    if hard:
        yield Row(
            "harder situations (offline): most frames found",
            "all",
            f"{len(hard) - len(short)} of {len(hard)}"
            + (f", not {', '.join(e['situation'] for e in short)}" if short else ""),
            not short,
        )
    swing = next(entry for entry in data if entry["situation"] == "swing")
    yield Row(
        "a fast swing (every third frame): longest gap",
        "≤ 3 frames",
        f"{swing['longest_gap']} frames",
        swing["found"] > 0 and swing["longest_gap"] <= 3,
    )


def _wrong(data: dict[str, Any]) -> Iterator[Row]:
    yield Row(
        f"wrong pictures taken for the portrait, in {data['minutes']:.1f} min of camera",
        "never, in ≥ 10 min",
        f"{len(data['hits'])} of {data['looks']:,} looks",
        not data["hits"] and data["minutes"] >= 10,
    )


def _phone(data: list[Visit]) -> Iterator[Row]:
    off = {who: median(figures.errors(figures.of(data, who))) for who in ("vertex", *PEERS)}
    yield Row(
        "error on a phone-shaped screen (390×844), median",
        "≤ 0.3 px",
        number(off["vertex"], " px", 2),
        off["vertex"] is not None and off["vertex"] <= 0.3,
        {who: number(off[who], " px", 1) for who in PEERS},
    )


FLAT = {"page": 1.0, "worker": 1.0, "resident": 8.0}  # MB that are no growth
ENDURANCE = 10  # minutes


def _endurance(data: Visit) -> Iterator[Row]:
    if "memory" not in data:
        return  # never found, or measured in the days when only the page was weighed
    weighed = data["memory"]
    minutes = weighed[-1]["at"] / 60
    grown = {what: figures.growth(weighed, what) for what in FLAT}
    flat = all(grown[what] <= FLAT[what] for what in FLAT) and data["lost"] == 0
    yield Row(
        f"growth in {minutes:.1f} min: heaps of page and Worker, resident memory; times lost",
        f"flat in {ENDURANCE} min, 0",
        f"{', '.join(f'{grown[what]:+.2f} MB' for what in FLAT)}; {data['lost']}",
        (True if minutes >= ENDURANCE else None) if flat else False,
    )
