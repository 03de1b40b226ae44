"""Harder situations than the standard ones: ours alone, under wasmtime."""

from typing import Any

from benchmarks.recogniser.footage import BEYOND, PORTRAIT, Clip
from benchmarks.recogniser.offline import follow, markers
from tests import clips
from vertex.recogniser import Recogniser

SWING = 3  # every third frame of the fast clip is seen


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """For each situation how many frames were found and how far off, and the swing."""
    marker = markers([PORTRAIT])[PORTRAIT]
    shown = [] if quick else [Clip(PORTRAIT, name) for name in BEYOND]
    return [*(follow(Recogniser(marker), clip) for clip in shown), _swing(marker)]


def _swing(marker: bytes) -> dict[str, Any]:
    """The longest run of frames without the print, once it was found."""
    recogniser = Recogniser(marker)
    frames = clips.read_frames(Clip(PORTRAIT, "fast").path)[::SWING]
    seen = [bool(recogniser.find(frame)) for frame in frames]
    longest = current = 0
    for here in seen[seen.index(True) :] if True in seen else []:
        current = 0 if here else current + 1
        longest = max(longest, current)
    return {
        "picture": PORTRAIT,
        "situation": "swing",
        "frames": len(frames),
        "found": sum(seen),
        "longest_gap": longest,
    }
