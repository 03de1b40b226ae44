"""A screen that nobody sees, for browsers that want one."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

EXECUTABLE = "/usr/bin/Xvfb"


@contextmanager
def screen(size: str = "1600x1200x24") -> Iterator[str]:
    """The name of an X display of its own, as DISPLAY wants it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        [EXECUTABLE, "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as announced:
            yield f":{announced.readline().strip()}"
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def program(
    command: list[str], environment: Mapping[str, str], stderr: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A program on such a screen, which draws without a GPU and ends with the block."""
    with screen() as display:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env={**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", **environment},
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=30)
