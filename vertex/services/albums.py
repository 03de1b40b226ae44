"""Albums: the marker by which a phone recognises any portrait of an order."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from vertex.recogniser import join_markers
from vertex.storage import Storage

_KEPT = 16
_lock = Lock()
_joined: OrderedDict[tuple[str, ...], bytes] = OrderedDict()


def version_of(keys: Sequence[str]) -> str:
    """Return what changes with the markers of an album."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


def marker_of(keys: Sequence[str], storage: Storage) -> bytes:
    """Return one marker of all these; a portrait's index is its place among them."""
    wanted = tuple(keys)
    if len(wanted) == 1:
        return _read(storage, wanted[0])
    with _lock:
        if wanted in _joined:
            _joined.move_to_end(wanted)
            return _joined[wanted]
    made = join_markers([_read(storage, key) for key in wanted])
    with _lock:
        _joined[wanted] = made
        while len(_joined) > _KEPT:
            _joined.popitem(last=False)
    return made


def _read(storage: Storage, key: str) -> bytes:
    with storage.open(key) as file:
        return file.read()
