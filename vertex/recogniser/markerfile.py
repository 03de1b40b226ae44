"""The marker file (docs/marker-format.md): written, taken apart, and joined into an album."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.errors import BadMarkerError

Grey = NDArray[np.uint8]

MAGIC = b"VXM\x02"
MOST_PORTRAITS = 50
_HEADER = 24
_PORTRAIT = struct.Struct("<2I2HI2H")
_ROUNDS = 6  # of clustering; the centres hardly move after that


@dataclass(frozen=True, slots=True)
class Portrait:
    """A portrait's real size in px, its template, and its view levels.

    `views` (n x 2 x 2, float32) lead from unit coordinates to px of the level.
    """

    size: tuple[int, int]
    template: Grey
    views: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Descriptors (n x 32), their places (n x 2, 65535ths), owners, view levels and angles (n)."""

    places: NDArray[np.uint16]
    bits: Grey
    owners: Grey
    views: Grey
    angles: Grey

    def __getitem__(self, chosen: NDArray[np.intp]) -> "Descriptors":
        return Descriptors(
            self.places[chosen],
            self.bits[chosen],
            self.owners[chosen],
            self.views[chosen],
            self.angles[chosen],
        )


def write_marker(portraits: Sequence[Portrait], descriptors: Descriptors) -> bytes:
    """The file of one portrait, or of an album whose descriptors are grouped into clusters."""
    centres, ends = np.empty((0, 32), np.uint8), np.empty(0, "<u4")
    if len(portraits) > 1:
        order, centres, ends = _cluster(descriptors.bits)
        descriptors = descriptors[order]
    owned = np.bincount(descriptors.owners, minlength=len(portraits))
    body = b"".join(
        [
            struct.pack("<2H", len(portraits), len(centres)),
            struct.pack("<2I", len(descriptors.bits), sum(len(p.views) for p in portraits)),
            *(
                _PORTRAIT.pack(*p.size, *p.template.shape[::-1], count, len(p.views), 0)
                for p, count in zip(portraits, owned.tolist(), strict=True)
            ),
            *(p.views.astype("<f4").tobytes() for p in portraits),
            centres.tobytes(),
            ends.tobytes(),
            descriptors.places.astype("<u2").tobytes(),
            descriptors.bits.tobytes(),
            descriptors.owners.tobytes(),
            descriptors.views.tobytes(),
            descriptors.angles.tobytes(),
            *(p.template.tobytes() for p in portraits),
        ]
    )
    return MAGIC + struct.pack("<2I", 12 + len(body), zlib.crc32(body)) + body


def read_marker(marker: bytes) -> tuple[list[Portrait], Descriptors]:
    """What a file of this version holds; raise BadMarkerError if it is none.

    The core judges a file from outside; this is for files that we wrote, and checks only what it
    stands on.
    """
    if len(marker) < _HEADER or marker[:4] != MAGIC:
        raise BadMarkerError("foreign" if marker[:3] != MAGIC[:3] else "version")
    if struct.unpack_from("<2I", marker, 4) != (len(marker), zlib.crc32(marker[12:])):
        raise BadMarkerError("checksum")
    count, clusters, total, _ = struct.unpack_from("<2H2I", marker, 12)
    heads = [_PORTRAIT.unpack_from(marker, _HEADER + _PORTRAIT.size * k) for k in range(count)]
    at = _HEADER + _PORTRAIT.size * count

    def take(kind: str, *shape: int) -> NDArray[np.generic]:
        nonlocal at
        size = int(np.prod(shape))
        array = np.frombuffer(marker, kind, size, at).reshape(shape)
        at += array.nbytes
        return array

    views = [take("<f4", head[5], 2, 2) for head in heads]
    take("<u1", 36 * clusters)
    descriptors = Descriptors(
        take("<u2", total, 2),  # type: ignore[arg-type]
        take("<u1", total, 32),  # type: ignore[arg-type]
        *(take("<u1", total) for _ in range(3)),  # type: ignore[arg-type]
    )
    portraits = [
        Portrait((head[0], head[1]), take("<u1", head[3], head[2]), view)  # type: ignore[arg-type]
        for head, view in zip(heads, views, strict=True)
    ]
    return portraits, descriptors


def join_markers(markers: Sequence[bytes]) -> bytes:
    """One file for an album of up to 50 portraits; a portrait's index is its place in `markers`.

    Raises BadMarkerError if a file is none, or there are too many portraits.
    """
    portraits: list[Portrait] = []
    parts: list[Descriptors] = []
    if not 1 <= len(markers) <= MOST_PORTRAITS:
        raise BadMarkerError("portraits")
    for marker in markers:
        more, descriptors = read_marker(marker)
        owners = (descriptors.owners + len(portraits)).astype(np.uint8)
        portraits += more
        parts.append(
            Descriptors(
                descriptors.places, descriptors.bits, owners, descriptors.views, descriptors.angles
            )
        )
    together = Descriptors(
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.bits for part in parts]),
        np.concatenate([part.owners for part in parts]),
        np.concatenate([part.views for part in parts]),
        np.concatenate([part.angles for part in parts]),
    )
    return write_marker(portraits, together)


def _cluster(bits: Grey) -> tuple[NDArray[np.intp], Grey, NDArray[np.uint32]]:
    """Group descriptors by majority vote of their bits (k-majority: Grana et al., 2013).

    Returns their order cluster by cluster, the centres (k x 32) and each cluster's end.
    """
    signs = np.unpackbits(bits, axis=1).astype(np.float32) * 2 - 1
    count = int(min(256, max(16, 2 ** round(np.log2(np.sqrt(len(bits)))))))
    start = np.random.default_rng(1).choice(len(bits), count, replace=False)
    centres = signs[np.sort(start)]
    for _ in range(_ROUNDS):
        nearest = np.argmax(signs @ centres.T, axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, signs)
        centres = np.where(sums >= 0, 1, -1).astype(np.float32)
    nearest = np.argmax(signs @ centres.T, axis=1)
    order = np.argsort(nearest, kind="stable")
    ends = np.cumsum(np.bincount(nearest, minlength=count)).astype("<u4")
    return order, np.packbits(centres > 0, axis=1), ends
