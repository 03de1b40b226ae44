"""The goals as a table for the terminal, and docs/benchmarks/recogniser.md."""

import string
from pathlib import Path
from typing import Any

from benchmarks.recogniser import figures, goals, plots, tables
from benchmarks.recogniser.peers import ARJS, MINDAR, NFT

FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"

HOW = Path(__file__).parent / "how.md"


def summary(found: dict[str, Any]) -> str:
    """The table of goals for a terminal."""
    lines = []
    for row in goals.rows(found):
        sign = {True: "met", False: "NOT MET", None: "–"}[row.met]
        others = "  ".join(f"{who} {value}" for who, value in row.others.items())
        ratio = f"  [{row.ratio}]" if row.ratio else ""
        lines.append(f"{sign:8} {row.what}: {row.vertex}  (goal {row.goal})  {others}{ratio}")
    return "\n".join(lines)


def write(found: dict[str, Any]) -> Path:
    """Write the report and its plots; return the report's path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = ["# The recogniser beside MindAR and AR.js", _introduction(found), _goals(found)]
    if "start" in found:
        visits = found["start"]["data"]
        plots.starts(visits, FOLDER / "start.svg")
        parts += ["## Until the print is recognised", "![Start times](start.svg)"]
        parts.append(tables.starts(visits))
    if "clips" in found:
        visits = found["clips"]["data"]
        plots.errors(visits, FOLDER / "errors.svg")
        parts += ["## Every clip, in the browser", "![Errors](errors.svg)", tables.clips(visits)]
    if "album" in found:
        plots.albums(found["album"]["data"], FOLDER / "albums.svg")
    for part, make in tables.OTHERS.items():
        if part in found:
            parts.append(make(found[part]["data"]))
    path = FOLDER / "recogniser.md"
    path.write_text("\n\n".join([*parts, _how()]))
    return path


def _introduction(found: dict[str, Any]) -> str:
    """When, and on what machine."""
    dates = sorted({whole["date"] for whole in found.values()})
    machines = [whole["machine"] for whole in found.values()]
    first = machines[0]
    used = sorted({machine["cores_used"] for machine in machines})
    loads = [machine["load"] for machine in machines]
    woken = sum(v["woken"] for v in found.get("start", {"data": []})["data"])
    raced = figures.of(found.get("start", {"data": []})["data"], "arjs")
    race = f" AR.js had to be woken in {woken} of {len(raced)} starts." if raced else ""
    return (
        f"Measured {' to '.join(dict.fromkeys([dates[0], dates[-1]]))} on {first['cpu']}, "
        f"{'–'.join(map(str, dict.fromkeys([used[0], used[-1]])))} of its {first['cores']} cores, "
        f"without a GPU, load {min(loads)} to {max(loads)}; {first['browser']}, Python "
        f"{first['python']}. The machine was shared with other work.{race}"
    )


def _goals(found: dict[str, Any]) -> str:
    lines = [
        "## What it must reach",
        "| what | goal | Vertex | MindAR | AR.js | bare page | ratio | met |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in goals.rows(found):
        others = " | ".join(row.others.get(who, "") for who in ("mindar", "arjs", "bare"))
        met = {True: "yes", False: "**no**", None: "–"}[row.met]
        lines.append(
            f"| {row.what} | {row.goal} | **{row.vertex}** | {others} | {row.ratio} | {met} |"
        )
    return "\n".join([lines[0], "", *lines[1:]])


def _how() -> str:
    """How it was measured, with the versions of this run."""
    words = string.Template(HOW.read_text())
    return words.substitute(mindar=MINDAR, arjs=ARJS, nft=NFT)
