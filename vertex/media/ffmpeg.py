"""ffmpeg, in a limited child that reads one file and reaches nothing else."""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from vertex.media.errors import RefusedFileError, ToolError
from vertex.media.limited import Limits, Outcome, run

Watch = Callable[[float], object]

_POSTER_SIDE = 1280
_MEASURED = re.compile(r"\{[^{}]*\"input_i\"[^{}]*\}")
_FIGURES = ("input_i", "input_tp", "input_lra", "input_thresh")
_OUT_TIME = re.compile(r"out_time_us=(\d+)")

# Without the two lists a playlist that calls itself .mp4 could have other files read.
WHITELISTS = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
_OPTIONS = ["-nostdin", "-hide_banner", "-nostats", "-y"]


@cache
def find_ffmpeg() -> str:
    """Return the path of the system's ffmpeg, else of the one that came with the wheel."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolError("no ffmpeg on PATH and none from imageio-ffmpeg") from error


def read(path: Path, demuxer: str, options: Sequence[str] = ()) -> list[str]:
    """The arguments that open a source; `options` stand before it."""
    lists = ["-protocol_whitelist", "file", "-format_whitelist", WHITELISTS[demuxer]]
    return ["-threads", "2", *options, *lists, "-f", demuxer, "-i", f"file:{path}"]


def make(
    arguments: Sequence[str], targets: Sequence[Path], limits: Limits, watch: Watch | None = None
) -> None:
    """Have files made, or raise RefusedFileError; `watch` is told the seconds done so far."""
    follow = None if watch is None else lambda text: watch(_seconds(text))
    shown = ["-loglevel", "error", "-progress", "pipe:1"]
    outcome = run([find_ffmpeg(), *_OPTIONS, *shown, *arguments], limits, follow)
    if "No space left on device" in outcome.errors:
        raise ToolError(outcome.errors)
    made = all(target.is_file() and target.stat().st_size for target in targets)
    if outcome.returncode != 0 or not made:
        raise _fault(outcome)


def measure_loudness(
    source: list[str], stream: int, filters: str, limits: Limits
) -> dict[str, float]:
    """The loudness of a sound by EBU R128, as ffmpeg's loudnorm prints it."""
    null = [
        "-map",
        f"0:{stream}",
        "-vn",
        "-af",
        f"{filters}loudnorm=print_format=json",
        "-f",
        "null",
    ]
    outcome = run([find_ffmpeg(), *_OPTIONS, "-loglevel", "info", *source, *null, "-"], limits)
    found = _MEASURED.findall(outcome.errors)
    if outcome.returncode != 0 or not found:
        raise _fault(outcome)
    told = json.loads(found[-1])
    return {name: float(told[name]) for name in _FIGURES}


def grab_frame(source: Path, target: Path, *, left_half: bool = False) -> None:
    """Save a picture typical of the first frames, upright and at most 1280 px long, as PNG."""
    fit = f"scale=min({_POSTER_SIDE}\\,iw):min({_POSTER_SIDE}\\,ih)"
    crop = "crop=iw/2:ih:0:0," if left_half else ""
    scale = f"{crop}scale=iw*sar:ih,setsar=1,{fit}:force_original_aspect_ratio=decrease"
    picture = ["-map", "0:v:0", "-vf", f"thumbnail=10,{scale}", "-frames:v", "1"]
    output = ["-f", "image2", "-update", "1", "-c:v", "png", f"file:{target}"]
    make([*read(source, "mov"), *picture, *output], [target], Limits())


def _fault(outcome: Outcome) -> Exception:
    """A child that ran out of what it may use says nothing about the file."""
    if outcome.returncode < 0 or "Cannot allocate memory" in outcome.errors:
        return ToolError(f"ffmpeg ended with {outcome.returncode}: {outcome.errors[-500:]}")
    return RefusedFileError("video_damaged")


def _seconds(text: str) -> float:
    found = _OUT_TIME.findall(text)
    return int(found[-1]) / 1e6 if found else 0.0
