"""The outermost structure of MP4 files: which boxes follow each other, and are they whole."""

import io
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = 8
_LONG_HEADER = 16
_MOST_BOXES = 100_000  # a fragmented recording of an hour has some thousands


@dataclass(frozen=True, slots=True)
class Outline:
    """The outermost boxes of a file in their order, and whether the last one is complete."""

    names: tuple[bytes, ...]
    whole: bool


def outline(source: BinaryIO) -> Outline:
    """Read the headers of a file's outermost boxes."""
    end = source.seek(0, io.SEEK_END)
    names: list[bytes] = []
    at = 0
    while at < end and len(names) < _MOST_BOXES:
        source.seek(at)
        head = source.read(_LONG_HEADER)
        if len(head) < _HEADER:
            return Outline(tuple(names), whole=False)
        length = _length(head, rest=end - at)
        if length is None:
            return Outline(tuple(names), whole=False)
        names.append(head[4:8])
        at += length
    return Outline(tuple(names), whole=at == end)


def _length(head: bytes, rest: int) -> int | None:
    length = int.from_bytes(head[:4], "big")
    if length == 0:
        return rest
    if length != 1:
        return length if length >= _HEADER else None
    length = int.from_bytes(head[8:16], "big")
    return length if length >= _LONG_HEADER else None
