"""The proof: a hundred simulated looks at a print that does not exist yet."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.engine import Recogniser
from vertex.recogniser.marker import decode
from vertex.recogniser.proof.advising import Advice, advise
from vertex.recogniser.proof.judging import LookResult, judge
from vertex.recogniser.proof.looks import LOOKS
from vertex.recogniser.proof.places import Place, PlaceCount
from vertex.recogniser.proof.prints import show
from vertex.recogniser.proof.rating import largest_angle, rating_of, score_of, smallest_size

Progress = Callable[[int, int], object]

_EVERY = 2  # hits between two that are asked for their places


@dataclass(frozen=True, slots=True)
class Proof:
    """How well a print will be recognised.

    `recognised` of `looks` simulated looks found the print in its place. `score` is that share
    with every kind of look weighing the same, 0 to 1; `rating` is what it means, 1 to 5.
    `smallest_size` is the least size that works (the print's long side over the frame's height),
    `largest_angle` the steepest view in degrees; each is None when not even the easiest worked.
    `places` are the recognised features, `advice` says what would help, the most helpful first.
    `results` tells every look.
    """

    recognised: int
    looks: int
    score: float
    rating: int
    smallest_size: float | None
    largest_angle: float | None
    places: tuple[Place, ...]
    advice: tuple[Advice, ...]
    results: tuple[LookResult, ...]


def prove(
    image: bytes,
    marker: bytes,
    progress: Progress | None = None,
    *,
    size: tuple[int, int] | None = None,
) -> Proof:
    """Prove how well a print of the picture (JPEG, PNG or WebP) will be recognised by its marker.

    `size` (width, height) is needed where the marker was built with one, for the same reason.
    `progress(done, total)` is called after every look. Always the same for the same files.

    Raises BadPictureError if the picture cannot be decoded, BadMarkerError if the marker is none.
    """
    grey, own_size = decode(image)
    recogniser = Recogniser(marker)
    count = PlaceCount(grey)
    results: list[LookResult] = []
    to_px = np.linalg.inv(np.diag([*(1 / np.array(size or own_size)), 1.0]))
    hits = 0
    for seed, look in enumerate(LOOKS):
        frame, corners = show(grey, look, seed)
        result, hit = judge(recogniser, look, frame, corners, size or own_size)
        results.append(result)
        if hit is not None:
            hits += 1
            if hits % _EVERY == 1:
                count.add(frame, hit.homography @ to_px)
        if progress is not None:
            progress(len(results), len(LOOKS))
    return _conclude(grey, tuple(results), count)


def _conclude(grey: NDArray[np.uint8], results: tuple[LookResult, ...], count: PlaceCount) -> Proof:
    score = score_of(results)
    rating = rating_of(score)
    return Proof(
        recognised=sum(result.recognised for result in results),
        looks=len(results),
        score=score,
        rating=rating,
        smallest_size=smallest_size(results),
        largest_angle=largest_angle(results),
        places=count.result(),
        advice=advise(grey, rating),
        results=results,
    )
