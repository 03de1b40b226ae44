"""A browser on a slower phone: its page's process is stopped for most of the time."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

PERIOD = 0.02  # s; short against a camera frame


def quarter_speed(profile: Path) -> AbstractContextManager[None]:
    """Let the renderer, with all its threads, run a quarter of the time."""
    return slowed(profile, 4)


@contextmanager
def slowed(profile: Path, times: float) -> Iterator[None]:
    """Let the renderer, with all its threads, run one part in so many of the time.

    DevTools' own throttling slows the main thread alone, not a Worker.
    """
    over = threading.Event()
    thread = threading.Thread(target=_throttle, args=(profile, 1 / times, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _throttle(profile: Path, share: float, over: threading.Event) -> None:
    while not over.is_set():
        processes = renderers(profile)
        for _ in range(25):  # then look for new ones
            _send(processes, signal.SIGSTOP)
            over.wait(PERIOD * (1 - share))
            _send(processes, signal.SIGCONT)
            over.wait(PERIOD * share)


def _send(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)


def renderers(profile: Path) -> list[int]:
    """The renderers of the browser that was started with this profile, by their ids."""
    commands: dict[int, str] = {}
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            commands[int(folder.name)] = (folder / "cmdline").read_bytes().decode(errors="replace")
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
    browser = {p for p, command in commands.items() if f"--user-data-dir={profile}" in command}

    def belongs(process: int) -> bool:
        while process in parents:
            if process in browser:
                return True
            process = parents[process]
        return False

    return [p for p, command in commands.items() if "--type=renderer" in command and belongs(p)]
