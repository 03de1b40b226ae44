"""Many descriptors compared with many, in one multiplication."""

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def signs(descriptors: Grey) -> NDArray[np.float32]:
    """Descriptors (n x 32) as n x 256 of +1 and -1, whose products count bits."""
    return np.unpackbits(descriptors, axis=1).astype(np.float32) * 2 - 1


def differing_bits(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The Hamming distance of every pair (n x m), of what signs() returned."""
    return np.asarray((256 - one @ other.T) / 2, np.float32)
