"""A screen that nobody sees, for browsers that want one."""

import os
import subprocess
from collections.abc import Iterator
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
