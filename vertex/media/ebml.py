"""The outermost structure of Matroska and WebM files (RFC 8794): are they whole."""

import io
from typing import BinaryIO

_MOST_ELEMENTS = 1000


def is_whole(source: BinaryIO) -> bool:
    """Whether no outermost element reaches past the end; a length never written counts as whole."""
    end = source.seek(0, io.SEEK_END)
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at >= end:
            break
        source.seek(at)
        head = source.read(16)
        if not head:
            return False
        name_length = _width(head[0])
        length, width = _number(head[name_length:])
        if not name_length or not width:
            return False
        if length is None:
            return True
        at += name_length + width + length
    return at == end


def _width(first: int) -> int:
    """How many bytes a number has, by the place of its first bit; 0 if it has none."""
    return 9 - first.bit_length() if first else 0


def _number(head: bytes) -> tuple[int | None, int]:
    """A length and how many bytes it has; None is a length that is not known."""
    width = _width(head[0]) if head else 0
    if not width or len(head) < width:
        return 0, 0
    bits = int.from_bytes(head[:width], "big") & (1 << 7 * width) - 1
    return (None if bits == (1 << 7 * width) - 1 else bits), width
