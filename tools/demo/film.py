"""The film: every frame drawn, then encoded small enough to be committed."""

import shlex
import shutil
import subprocess
from bisect import bisect_left
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools.demo import music
from tools.demo.pose import SECONDS, pose_at
from tools.demo.scene import render

WIDTH = 540
RATE = 25
LIMIT = 500_000

_VIDEO = shlex.split("-c:v libx264 -profile:v high -preset veryslow -tune animation -g 75")
_AUDIO = shlex.split(f"-c:a aac -b:a 56k -ar {music.RATE} -t {SECONDS}")
_COLOURS = shlex.split("-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv")
_TO_BT709 = (
    "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p"
)
_UNSIGNED = shlex.split("-flags:v +bitexact -flags:a +bitexact -bsf:v filter_units=remove_types=6")
_BARE = shlex.split(
    "-c copy -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "
    "-empty_hdlr_name 1 -movflags +faststart"
)


class TooLargeError(Exception):
    """No quality we would show gives a small enough file."""


def draw_frames(folder: Path, workers: int) -> None:
    """Write all frames of the loop as numbered PNG files."""
    count = int(SECONDS * RATE)
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(_draw_frame, range(count), [folder] * count))


def encode(frames: Path, target: Path) -> None:
    """Encode the frames with the melody, at the best quality that fits the limit."""
    sound = frames / "melody.wav"
    music.write(sound)

    def fits(quality: int) -> bool:
        _make(frames, sound, target, quality)
        return target.stat().st_size <= LIMIT

    # sizes fall as the factor rises: look for the first that fits
    factors = range(18, 40)
    best = bisect_left(factors, True, key=fits)
    if best == len(factors) or not fits(factors[best]):
        raise TooLargeError(target.name)


def _draw_frame(index: int, folder: Path) -> None:
    render(WIDTH, pose_at(index / RATE)).save(folder / f"{index:04d}.png", compress_level=1)


def _make(frames: Path, sound: Path, target: Path, quality: int) -> None:
    """Encode, then copy without the tags that encoding leaves whatever it is told."""
    signed = str(frames / "signed.mp4")
    sources = ["-framerate", str(RATE), "-i", str(frames / "%04d.png"), "-i", str(sound)]
    video = ["-vf", _TO_BT709, *_VIDEO, "-crf", str(quality), *_COLOURS]
    _run_ffmpeg(*sources, *video, *_AUDIO, *_UNSIGNED, signed)
    _run_ffmpeg("-i", signed, *_BARE, str(target))


def _run_ffmpeg(*arguments: str) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        raise FileNotFoundError("ffmpeg is not on the PATH")
    subprocess.run([program, "-v", "error", "-y", *arguments], check=True)  # noqa: S603 - our own
