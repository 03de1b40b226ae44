"""Other programs, run on strangers' files where they can do little harm."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vertex.media.errors import ToolError

_LAUNCHER = Path(__file__).with_name("_limits.py")
_KEPT_OUTPUT = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; wall time is what keeps a person waiting."""

    seconds: int = 60
    cpu_seconds: int = 30
    memory: int = 4 << 30
    file_size: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended and the beginning of what it wrote."""

    returncode: int
    output: str
    errors: str


def run(command: list[str], limits: Limits) -> Outcome:
    """Run an absolute program to its end; one that takes too long is killed with its children."""
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
        _wait(child, limits.seconds)
        return Outcome(child.returncode, _begin(output), _begin(errors))


def _wait(child: subprocess.Popen[bytes], seconds: int) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        raise ToolError(f"{child.args!r} took more than {seconds} s") from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _begin(output: BinaryIO) -> str:
    output.seek(0)
    return output.read(_KEPT_OUTPUT).decode(errors="replace")
