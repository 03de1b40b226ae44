"""Making films beside plain ffmpeg with the same encoder."""

import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.media import samples
from vertex.media import videos
from vertex.media.ffmpeg import find_ffmpeg
from vertex.media.plan import Wishes

_SECONDS = 10
_ROUNDS = 3


def table(folder: Path) -> str:
    """The table of conversions, as Markdown."""
    lines = [
        f"## Making the films of {_SECONDS} s",
        "",
        f"Seconds, median of {_ROUNDS} rounds in which both take turns. Plain ffmpeg makes the "
        "large film alone, by the same encoder at the same quality, and neither looks at the file, "
        "nor measures its loudness, nor makes the small film and the poster.",
        "",
        "| source | ours: both films, poster | plain ffmpeg: one film | ratio |",
        "| --- | --- | --- | --- |",
    ]
    for name, options in _SOURCES.items():
        source = _make(folder, options)
        ours, plain = _race(lambda s=source: _ours(s, folder), lambda s=source: _plain(s, folder))  # type: ignore[misc]
        lines.append(f"| {name} | {ours:.1f} | {plain:.1f} | {ours / plain:.2f} |")
    return "\n".join([*lines, ""])


_X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")
_SOURCES = {
    "MOV, HEVC 10 bits, 1080p": (*_X265, "-pix_fmt", "yuv420p10le", *samples.AAC),
    "MP4, H.264, 1080p (kept)": (*samples.H264, "-b:v", "6M", *samples.AAC),
}


def _make(folder: Path, options: tuple[str, ...]) -> Path:
    film = f"testsrc2=size=1920x1080:rate=30:duration={_SECONDS}"
    sound = f"sine=frequency=440:duration={_SECONDS}"
    return samples.video(
        folder / "source.mov", "-f", "lavfi", "-i", film, "-f", "lavfi", "-i", sound, *options
    )


def _race(*runners: Callable[[], object]) -> list[float]:
    times: list[list[float]] = [[] for _ in runners]
    for _ in range(_ROUNDS):
        for runner, found in zip(runners, times, strict=True):
            began = time.perf_counter()
            runner()
            found.append(time.perf_counter() - began)
    return [statistics.median(found) for found in times]


def _ours(source: Path, folder: Path) -> None:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    videos.convert(source, work, Wishes())


def _plain(source: Path, folder: Path) -> None:
    command = [find_ffmpeg(), "-v", "error", "-y", "-i", str(source), "-c:v", "libx264"]
    command += ["-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", "-threads", "2"]
    subprocess.run([*command, "-c:a", "aac", str(folder / "plain.out.mp4")], check=True)
