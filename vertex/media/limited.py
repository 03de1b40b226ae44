"""Other programs, run on strangers' files where they can do little harm."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vertex.media.errors import ToolError

_LAUNCHER = Path(__file__).with_name("_limits.py")
_KEPT_OUTPUT = 1 << 16
_WATCHED_OUTPUT = 1 << 12
_WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; wall time is what keeps a person waiting."""

    seconds: int = 60
    cpu_seconds: int = 30
    memory: int = 4 << 30
    file_size: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended, the beginning of what it wrote and the end of what it complained of."""

    returncode: int
    output: str
    errors: str


def run(
    command: list[str], limits: Limits, watch: Callable[[str], object] | None = None
) -> Outcome:
    """Run an absolute program to its end; one that takes too long is killed with its children.

    Twice a second `watch` is given the end of what the program wrote so far; what it raises ends
    the program.
    """
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER)]
    figures = [str(limits.memory), str(limits.cpu_seconds), str(limits.file_size)]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(  # noqa: S603  a list, never a shell
            [*launcher, *figures, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={"PATH": os.defpath, "LANG": "C"},
            start_new_session=True,
        )
        _wait(child, limits.seconds, lambda: watch and watch(_end(output)))
        return Outcome(child.returncode, _begin(output), _end(errors, _KEPT_OUTPUT))


def _wait(child: subprocess.Popen[bytes], seconds: int, watch: Callable[[], object]) -> None:
    end = time.monotonic() + seconds
    try:
        while child.poll() is None:
            if time.monotonic() > end:
                raise ToolError(f"{child.args!r} took more than {seconds} s")
            try:
                child.wait(_WATCH_SECONDS)
            except subprocess.TimeoutExpired:
                watch()
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _begin(output: BinaryIO) -> str:
    return os.pread(output.fileno(), _KEPT_OUTPUT, 0).decode(errors="replace")


def _end(output: BinaryIO, most: int = _WATCHED_OUTPUT) -> str:
    # the child writes where this file stands: it must not be moved
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), most, max(0, size - most)).decode(errors="replace")
