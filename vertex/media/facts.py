"""What a video file holds, as a limited child process found out."""

import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vertex.media.errors import RefusedFileError, ToolError
from vertex.media.limited import Limits, run

_SCRIPT = Path(__file__).with_name("_facts.py")
_ERROR_OF_OURS = 1
_LIMITS = Limits(seconds=30, cpu_seconds=15, memory=4 << 30, file_size=1 << 20)


@dataclass(frozen=True, slots=True)
class Picture:
    """The stream of pictures; `rotation` is None when not one of them could be decoded."""

    index: int
    codec: str
    profile: str | None
    pixel_format: str | None
    width: int
    height: int
    aspect: float
    frames_per_second: float
    rotation: int | None
    uneven: bool = False  # pictures follow each other at a changing pace
    transfer: int = 2  # ITU-T H.273; 2 is unknown
    matrix: int = 2  # likewise
    alpha: bool = False

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height as a player shows them: square pixels, turned upright."""
        width, height = round(self.width * self.aspect), self.height
        return (height, width) if (self.rotation or 0) % 180 else (width, height)


@dataclass(frozen=True, slots=True)
class Sound:
    """The stream of sound."""

    index: int
    codec: str
    profile: str | None
    channels: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a video file holds; the duration is in s, the rate in bit/s and 0 if unknown."""

    duration: float
    picture: Picture | None
    sound: Sound | None
    bit_rate: int = 0


def read_facts(path: Path, demuxer: str = "mov") -> Facts:
    """Tell what is in a file of ffmpeg's `mov` or `matroska`, or raise RefusedFileError."""
    outcome = run([sys.executable, "-I", str(_SCRIPT), str(path), demuxer], _LIMITS)
    killed = outcome.returncode < 0 and outcome.returncode != -signal.SIGXCPU
    if outcome.returncode == _ERROR_OF_OURS or killed:
        raise ToolError(outcome.errors or f"ended by signal {-outcome.returncode}")
    if outcome.returncode != 0:
        raise RefusedFileError("video_damaged")
    return _facts(json.loads(outcome.output))


def _facts(found: dict[str, Any]) -> Facts:
    video, audio = found["video"], found["audio"]
    return Facts(
        duration=found["duration"],
        bit_rate=found["bit_rate"],
        picture=Picture(**video) if video else None,
        sound=Sound(**audio) if audio else None,
    )
