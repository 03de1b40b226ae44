"""Contents made smaller: at once as well as can be done quickly, behind that as well as can be."""

import gzip
import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread, get_native_id

import brotli

# by how much either is tried: 40 ms for A-Frame, the largest file, and 5 ms for a marker
_QUICK = 5
# a tenth smaller: two seconds for A-Frame, a third of one for a marker
_BEST = {"br": 11, "gzip": 9}
ENDINGS = {"br": ".br", "gzip": ".gz"}
_MOST = 24_000_000  # bytes kept in memory: all static files, and some 300 markers
_TOO_LARGE = 2_000_000  # bytes, for the best: the marker of a large album would take half a minute
_LOWEST = 19  # nobody waits for it


def pack(content: bytes, encoding: str, *, quick: bool = False) -> bytes:
    """Return the content in this encoding."""
    quality = _QUICK if quick else _BEST[encoding]
    if encoding == "gzip":
        return gzip.compress(content, quality, mtime=0)
    return bytes(brotli.compress(content, quality=quality))


def write(packed: bytes, place: Path) -> None:
    """Store it, whole or not at all; others may write the same at this moment."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}.{get_native_id()}.tmp")
    draft.write_bytes(packed)
    draft.replace(place)


class Packer:
    """Remembers packed contents, and replaces what was packed quickly as soon as it is at leisure.

    Its thread begins with the first content it is asked for.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._size = 0
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: Thread | None = None

    def packed(
        self, name: str, encoding: str, content: Callable[[], bytes], place: Path | None = None
    ) -> bytes:
        """Return the content of this name, which changes with it, as small as it is by now.

        `place` without the ending of its encoding is where it may lie, and is put, for good.
        """
        with self._lock:
            known = self._kept.get((name, encoding))
            if known is not None:
                self._kept.move_to_end((name, encoding))
                return known
        stored = place and place.with_name(place.name + ENDINGS[encoding])
        if stored and stored.is_file():
            return self._keep(name, encoding, stored.read_bytes())
        source = content()
        quick = self._keep(name, encoding, pack(source, encoding, quick=True))
        if len(source) <= _TOO_LARGE:
            self._improve(lambda: self._pack_well(name, encoding, source, stored))
        return quick

    def _pack_well(self, name: str, encoding: str, source: bytes, stored: Path | None) -> None:
        best = pack(source, encoding)
        self._replace(name, encoding, best)
        if stored:
            with suppress(OSError):  # it is remembered, if not beyond this process
                write(best, stored)

    def _keep(self, name: str, encoding: str, packed: bytes) -> bytes:
        """Remember it, unless something smaller is known; forget what was not asked for longest."""
        with self._lock:
            known = self._kept.pop((name, encoding), None)
            self._size -= len(known or b"")
            if known is not None and len(known) < len(packed):
                packed = known
            self._kept[name, encoding] = packed
            self._size += len(packed)
            while self._size > _MOST and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
        return packed

    def _replace(self, name: str, encoding: str, packed: bytes) -> None:
        """Remember it in the place of what is known, which nobody has asked for by this."""
        with self._lock:
            known = self._kept.get((name, encoding))
            if known is not None and len(packed) < len(known):
                self._kept[name, encoding] = packed
                self._size += len(packed) - len(known)

    def _improve(self, task: Callable[[], None]) -> None:
        with self._lock:
            if self._thread is None:
                # it must not keep a server that is to stop
                self._thread = Thread(target=self._work, name="packer", daemon=True)
                self._thread.start()
        self._waiting.put(task)

    def _work(self) -> None:
        if sys.platform == "linux":  # where threads have a niceness of their own
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _LOWEST)
        while True:
            self._waiting.get()()
