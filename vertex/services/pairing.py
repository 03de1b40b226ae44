"""Which video belongs to which picture, by the names of their files alone.

What is left over is not paired by its order, as the page for a few files does: nobody looks at
hundreds of pairs, and the wrong child's video on a print is worse than none.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".3gp", ".webm", ".mkv"})


def is_picture(name: str) -> bool:
    """Tell whether a file of this name is a picture that is accepted."""
    return PurePosixPath(name).suffix.lower() in PICTURES


def is_video(name: str) -> bool:
    """Tell whether a file of this name is a video that is accepted."""
    return PurePosixPath(name).suffix.lower() in VIDEOS


def grouped(names: Iterable[str], key: Callable[[str], str]) -> Mapping[str, Sequence[str]]:
    """Return the files by what `key` makes of their names."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[key(name)].append(name)
    return found


def stem(name: str) -> str:
    """Return what a name is compared by: neither folder, ending, case nor Unicode form."""
    return unicodedata.normalize("NFC", PurePosixPath(name).stem).casefold().strip()


def video_for(picture: str, videos: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the videos of the picture's name; of several those in its own folder."""
    found = videos.get(stem(picture), ())
    folder = PurePosixPath(picture).parent
    near = [name for name in found if PurePosixPath(name).parent == folder]
    return near if len(found) > 1 and near else found


def in_order(names: Iterable[str]) -> list[str]:
    """Return names as people sort them: 2 before 10."""
    return sorted(names, key=_key)


def _key(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts if p]
