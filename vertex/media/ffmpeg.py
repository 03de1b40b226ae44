"""ffmpeg, in a limited child: the whole video without metadata, and one frame of it."""

import shutil
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from vertex.media.errors import RefusedFileError, ToolError
from vertex.media.limited import Limits, run

_SLACK = 16 << 20
_POSTER_SIDE = 1280

# Without the two lists a playlist that calls itself .mp4 could have other files read.
_INPUT = ["-protocol_whitelist", "file", "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2"]
_OPTIONS = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]


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


def copy_clean(source: Path, target: Path, *, picture: int, sound: int | None) -> None:
    """Copy two streams into an MP4 that starts fast and tells nothing of its origin."""
    streams = ["-map", f"0:{picture}"] + ([] if sound is None else ["-map", f"0:{sound}"])
    clean = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
    output = ["-c", "copy", "-movflags", "+faststart", "-f", "mp4", f"file:{target}"]
    limits = Limits(seconds=300, cpu_seconds=120, file_size=source.stat().st_size + _SLACK)
    _ffmpeg([*_source(source), *streams, *clean, *output], target, limits)


def grab_frame(source: Path, target: Path) -> None:
    """Save a picture typical of the first frames, upright and at most 1280 px long, as PNG."""
    fit = f"scale=min({_POSTER_SIDE}\\,iw):min({_POSTER_SIDE}\\,ih)"
    scale = f"scale=iw*sar:ih,setsar=1,{fit}:force_original_aspect_ratio=decrease"
    picture = ["-map", "0:v:0", "-vf", f"thumbnail=10,{scale}", "-frames:v", "1"]
    output = ["-f", "image2", "-update", "1", "-c:v", "png", f"file:{target}"]
    _ffmpeg([*_source(source), *picture, *output], target, Limits())


def _source(path: Path) -> list[str]:
    return ["-threads", "2", *_INPUT, "-f", "mov", "-i", f"file:{path}"]


def _ffmpeg(arguments: list[str], target: Path, limits: Limits) -> None:
    outcome = run([find_ffmpeg(), *_OPTIONS, *arguments], limits)
    if "No space left on device" in outcome.errors:
        raise ToolError(outcome.errors)
    if outcome.returncode != 0 or not target.is_file() or target.stat().st_size == 0:
        raise RefusedFileError("video_damaged")
