"""Our recogniser alone, frame by frame under wasmtime: the figures that no browser blurs."""

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.recogniser.footage import (
    BEYOND,
    OTHERS,
    PORTRAIT,
    Clip,
    Floats,
    distance,
    everything,
)
from tests import clips, pictures
from vertex.recogniser import Found, Recogniser, build_marker

CAMERA_MINUTE = 30 * 60  # frames
EVERY = 3  # which frame of a wrong picture is looked at from scratch too


def markers(names: list[str]) -> dict[str, bytes]:
    """Our markers of photographs."""
    return {name: build_marker(pictures.jpeg(pictures.PICTURES[name]())) for name in names}


def accuracy(shown: list[Clip]) -> list[dict[str, Any]]:
    """For each clip what was found and how far off, followed as a phone follows it."""
    made = markers(sorted({clip.picture for clip in shown}))
    return [follow(Recogniser(made[clip.picture]), clip) for clip in shown]


def follow(recogniser: Recogniser, clip: Clip) -> dict[str, Any]:
    """A camera that shows the clip from its first frame to its last."""
    facts = clip.facts
    truth: list[Any] = facts["corners"]
    size = facts["print"]
    off, apart, lost, seen = [], [], 0, False
    for frame, quad in zip(clips.read_frames(clip.path), truth, strict=True):
        found = recogniser.find(frame)
        if quad is None:
            continue
        lost += seen and not found
        seen = bool(found)
        if found:
            corners = corners_of(found[0], size)
            off.append(distance(corners, quad))
            apart.append(corners - np.array(quad))
    present = sum(quad is not None for quad in truth)
    return {
        "picture": clip.picture,
        "situation": clip.situation,
        "frames": present,
        "found": len(off),
        "lost": lost,
        "median": float(np.median(off)) if off else None,
        "p95": float(np.percentile(off, 95)) if off else None,
        "jitter": jitter(np.array(apart)) if len(apart) > 2 else None,
        "wander": wander(np.array(apart)) if len(apart) > 2 else None,
    }


def jitter(apart: Floats) -> float:
    """How much corners tremble from frame to frame, px of one coordinate.

    `apart` (frames x 4 x 2) is found minus true. Second differences know neither an offset nor a
    slow motion; those of a noise of deviation s have s times the root of 6.
    """
    second = np.diff(apart.reshape(len(apart), -1), n=2, axis=0)
    return float(np.sqrt((second**2).mean() / 6))


def wander(apart: Floats) -> float:
    """How much found minus true changes over a clip at all, px of one coordinate."""
    return float(np.sqrt((apart.reshape(len(apart), -1).std(axis=0) ** 2).mean()))


def corners_of(found: Found, size: list[int]) -> Floats:
    """Where the corners of a portrait of that size (px) are in the frame."""
    width, height = size
    outline = np.array([[[0.0, 0]], [[width, 0]], [[width, height]], [[0, height]]])
    return np.asarray(cv2.perspectiveTransform(outline, found.homography)[:, 0])


def wrong_pictures(minutes: float, *, quick: bool) -> dict[str, Any]:
    """Every photograph's clips before the markers of the others, until so much camera was seen.

    Each frame is looked at as the next of a camera's, and some of them also from scratch.
    """
    wanted = round(minutes * CAMERA_MINUTE)
    made = markers([PORTRAIT, *OTHERS])
    frames, looks, hits = 0, 0, []
    for clip, name in _pairs(list(made), quick=quick):
        following, searching = Recogniser(made[name]), Recogniser(made[name])
        for number, frame in enumerate(_frames(clip.path)):
            frames += 1
            ways = {"following": following}
            if number % EVERY == 0:
                searching.reset()
                ways["searching"] = searching
            looks += len(ways)
            for way, recogniser in ways.items():
                if recogniser.find(frame):
                    hits.append([name, clip.picture, clip.situation, number, way])
        if frames >= wanted:
            break
    return {"frames": frames, "looks": looks, "minutes": frames / CAMERA_MINUTE, "hits": hits}


def _pairs(names: list[str], *, quick: bool) -> list[tuple[Clip, str]]:
    """Clips and markers of different photographs, the richest mixture first."""
    shown = [clip for clip in everything(quick=quick) if clip.situation not in BEYOND]
    per_marker = [
        [(clip, name) for clip in sorted(shown, key=lambda clip: clip.picture == PORTRAIT)]
        for name in names
    ]
    rounds = itertools.chain.from_iterable(zip(*per_marker, strict=True))
    return [(clip, name) for clip, name in rounds if clip.picture != name]


_decoded: dict[Path, list[Any]] = {}


def _frames(path: Path) -> list[Any]:
    """Decoded once for the markers that follow each other on the same clip."""
    if path not in _decoded:
        _decoded.clear()
        _decoded[path] = clips.read_frames(path)
    return _decoded[path]
