"""Albums: the markers by which a phone recognises any portrait of an order; thumbnails of all."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from vertex.media import images
from vertex.recogniser import Lightness, join_markers, lighten
from vertex.storage import Storage

# A phone begins with a light marker, so that the first print is soon seen, and fetches fuller ones
# while it sees none. Of the first, in all portraits together:
_DESCRIPTORS = 1000
_AREA = 45_000  # px of templates
# and of each at least, or small and dim prints are not found
_LEAST = Lightness(64, 9000)
_ENOUGH = 80  # descriptors of each, as long as there are not more than these in all
_MANY = 3200
_RECIPE = "2"  # changes with what is written above: phones keep a marker for its address
_FULLER = 4  # times the descriptors of the one before
_NEARLY_ALL = 600  # descriptors of a portrait; then all of it may as well be sent


class _Kept:
    """What was made, until other things have been asked for more recently."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._made: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def get(self, name: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if name in self._made:
                self._made.move_to_end(name)
                return self._made[name]
        made = make()
        with self._lock:
            self._made[name] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


_markers = _Kept(16)
_thumbnails = _Kept(1000)


def version_of(keys: Sequence[str]) -> str:
    """Return what changes with the markers of an album."""
    return hashlib.sha256("\n".join([_RECIPE, *keys]).encode()).hexdigest()[:32]


def grades(count: int) -> list[Lightness | None]:
    """Return how light the markers of such an album are, one after the other; None is full."""
    if count == 1:
        return [None]
    area = max(_LEAST.area, _AREA // count)
    enough = max(_LEAST.descriptors, min(_ENOUGH, _MANY // count))
    descriptors = max(enough, _DESCRIPTORS // count)
    found: list[Lightness | None] = []
    while not found or descriptors < _NEARLY_ALL:
        found.append(Lightness(descriptors, area))
        descriptors, area = _FULLER * descriptors, 2 * area
    return [*found, None]


def marker_of(keys: Sequence[str], storage: Storage, grade: int | None = None) -> bytes:
    """Return one marker of all these, full or of a grade; a portrait's index is its place there."""
    if len(keys) == 1:
        return _read(storage, keys[0])
    lightness = None if grade is None else grades(len(keys))[grade]
    name = (*keys, "" if lightness is None else str(grade))
    return _markers.get(name, lambda: _join(keys, storage, lightness))


def thumbnail_of(key: str, storage: Storage) -> bytes:
    """Return a picture of ours in the size of an album's strip."""
    return _thumbnails.get((key,), lambda: images.thumbnail(_read(storage, key)))


def _join(keys: Sequence[str], storage: Storage, lightness: Lightness | None) -> bytes:
    markers = [_read(storage, key) for key in keys]
    return join_markers([lighten(one, lightness) for one in markers] if lightness else markers)


def _read(storage: Storage, key: str) -> bytes:
    with storage.open(key) as file:
        return file.read()
