"""What is made of the results of all looks: a score, a rating, a size and an angle.

RATINGS is the one place to recalibrate when the recogniser changes: `python -m benchmarks.proof`
shows for pictures of all kinds what a camera made of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from vertex.recogniser.proof.judging import LookResult

# Least score for a rating of 2, 3, 4 and 5.
RATINGS = (0.42, 0.56, 0.68, 0.82)


def score_of(results: Sequence[LookResult]) -> float:
    """The share of looks in which the print was recognised, 0 to 1.

    Each kind of trouble (size, angle, light, …) weighs the same, however many looks it has.
    """
    by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for result in results:
        by_kind[result.look.kind].append(result.recognised)
    shares = [sum(known) / len(known) for known in by_kind.values()]
    return sum(shares) / max(1, len(shares))


def rating_of(score: float) -> int:
    """One (a phone will hardly ever know it) to five (nearly whatever one does)."""
    return 1 + sum(score >= least for least in RATINGS)


def smallest_size(results: Iterable[LookResult]) -> float | None:
    """The smallest size at which it and all larger ones are recognised, None if none is.

    Sizes are the print's long side over the frame's height. On half of the backgrounds is enough.
    """
    tried = _shares((r.look.size, r.recognised) for r in results if r.look.kind == "size")
    return _last_good(sorted(tried.items(), reverse=True))


def largest_angle(results: Iterable[LookResult]) -> float | None:
    """The largest angle, in degrees, at which it and all smaller ones are recognised.

    In half of the directions is enough; None if it is at no angle.
    """
    tried = _shares((r.look.angle, r.recognised) for r in results if r.look.kind == "angle")
    return _last_good(sorted(tried.items()))


def _shares(tried: Iterable[tuple[float, bool]]) -> dict[float, float]:
    by_value: defaultdict[float, list[bool]] = defaultdict(list)
    for value, recognised in tried:
        by_value[round(value, 3)].append(recognised)
    return {value: sum(known) / len(known) for value, known in by_value.items()}


def _last_good(shares: Iterable[tuple[float, float]]) -> float | None:
    last = None
    for value, share in shares:
        if share < 0.5:
            break
        last = value
    return last
