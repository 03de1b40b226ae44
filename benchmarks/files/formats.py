"""What becomes of each kind of file that phones and cameras make."""

import time
from pathlib import Path

from tests.media.phone_formats import FORMATS
from vertex.media import videos
from vertex.media.facts import read_facts
from vertex.media.plan import Finding, Wishes


def table(folder: Path) -> str:
    """The table of formats, as Markdown."""
    lines = [
        "## What becomes of each kind of file",
        "",
        "Films of 2 s by real encoders, the same that `tests/media/test_phone_formats.py` judges: "
        "every film is MP4 with its index first, H.264 with 8 bits, upright, at an even pace; its "
        "sound is AAC, stereo, 48 kHz, within 1.5 LU of -16 LUFS.",
        "",
        "| source | found and changed | film | bytes before | after | s |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for number, kind in enumerate(FORMATS):
        place, work = folder / f"format-{number}", folder / f"work-{number}"
        place.mkdir()
        work.mkdir()
        source = kind.make(place)
        began = time.perf_counter()
        made = videos.convert(source, work, Wishes())
        seconds = time.perf_counter() - began
        picture = read_facts(made.large.path).picture
        rate = 0 if picture is None else round(picture.frames_per_second)
        film = f"{made.large.width} × {made.large.height}, {rate}/s"
        sizes = f"{source.stat().st_size:,} | {made.large.path.stat().st_size:,}"
        found = ", ".join(_in_short(finding) for finding in made.findings)
        lines.append(f"| {kind.name} | {found} | {film} | {sizes} | {seconds:.1f} |")
    return "\n".join([*lines, ""])


def _in_short(finding: Finding) -> str:
    values = " → ".join(value for value in (finding.found, finding.made) if value)
    name = finding.code.replace("_", " ")
    return f"{name} {values}" if values else name
