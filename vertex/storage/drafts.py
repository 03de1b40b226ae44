"""Unfinished files: they lie in a folder of their own, and go with the process that made them."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from uuid import uuid4


def workspace(folder: Path) -> AbstractContextManager[Path]:
    """Give an empty folder, removed when the block ends."""
    return _held(folder, Path.mkdir)


def draft(folder: Path) -> AbstractContextManager[Path]:
    """Give an empty file, removed when the block ends unless it was moved away."""
    return _held(folder, Path.touch)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut."""
    with _open(path) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _held(folder: Path, make: Callable[[Path], object]) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    path = folder / uuid4().hex
    with _open(folder) as around:
        fcntl.flock(around, fcntl.LOCK_SH)  # nobody clears while the new one is not held yet
        make(path)
        own = os.open(path, os.O_RDONLY)
        fcntl.flock(own, fcntl.LOCK_EX)
    try:
        yield path
    finally:
        _remove(path)
        os.close(own)


def _clear(folder: Path) -> None:
    """Remove what nobody holds: the kernel lets go of what a killed process held."""
    with _open(folder) as around, suppress(BlockingIOError):
        fcntl.flock(around, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in list(folder.iterdir()):
            with suppress(OSError), _open(path) as own:
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
