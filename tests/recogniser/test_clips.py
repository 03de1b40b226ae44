"""Portraits are found in camera clips, and nothing else is."""

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests import clips, pictures
from vertex.recogniser import Recogniser, build_marker
from vertex.recogniser.engine import PLAIN
from vertex.recogniser.marker import decode, describe_views, pack

SHORT = 40  # frames; the standard clips repeat themselves


def shortened(shot: str) -> clips.Shot:
    return dataclasses.replace(clips.STANDARD[shot], frames=SHORT)


def corners_of(homography: NDArray[np.float64], clip: Path) -> NDArray[np.float64]:
    width, height = json.loads(clip.with_suffix(".json").read_text())["print"]
    outline = np.array([[[0.0, 0]], [[width, 0]], [[width, height]], [[0, height]]])
    return np.asarray(cv2.perspectiveTransform(outline, homography)[:, 0])


def errors(recogniser: Recogniser, clip: Path) -> NDArray[np.float64]:
    """For each frame the mean distance of the corners from the truth, infinite when not found."""
    truth = json.loads(clip.with_suffix(".json").read_text())["corners"]
    found = [recogniser.find(frame) for frame in clips.read_frames(clip)]
    return np.array(
        [
            np.hypot(*(corners_of(f[0].homography, clip) - np.array(t)).T).mean() if f else np.inf
            for f, t in zip(found, truth, strict=True)
            if t is not None
        ]
    )


@pytest.mark.parametrize("shot", sorted(set(clips.STANDARD) - {"leaves"}))
def test_the_astronaut_is_followed_through_every_standard_clip(astronaut: bytes, shot: str) -> None:
    off = errors(Recogniser(astronaut), pictures.clip("astronaut", shortened(shot)))

    assert np.isfinite(off).all()
    assert np.median(off) <= 0.6 and np.percentile(off, 95) <= 1.0


@pytest.mark.parametrize("picture", ["chelsea", "coffee"])
@pytest.mark.parametrize("shot", ["frontal", "tilt40", "small18"])
def test_other_photographs_are_followed_too(picture: str, shot: str) -> None:
    marker = build_marker(pictures.jpeg(pictures.PICTURES[picture]()))

    off = errors(Recogniser(marker), pictures.clip(picture, shortened(shot)))

    assert np.isfinite(off).all()
    assert np.median(off) <= 0.6 and np.percentile(off, 95) <= 1.0


@pytest.mark.parametrize("focal", [420.0, 700.0])
def test_any_lens_will_do(astronaut: bytes, focal: float) -> None:
    shot = dataclasses.replace(shortened("tilt40"), focal=focal)

    off = errors(Recogniser(astronaut), pictures.clip("astronaut", shot))

    assert np.isfinite(off).all()
    assert np.median(off) <= 0.6


def test_a_print_that_leaves_is_lost_and_found_again(astronaut: bytes) -> None:
    shot = dataclasses.replace(clips.STANDARD["frontal"], frames=30, absent=(10, 20))
    recogniser = Recogniser(astronaut)

    frames = clips.read_frames(pictures.clip("astronaut", shot))
    seen = [bool(recogniser.find(frame)) for frame in frames]

    assert seen == [True] * 10 + [False] * 10 + [True] * 10


def test_a_wrong_picture_is_never_found(astronaut: bytes) -> None:
    recogniser = Recogniser(astronaut)
    for picture in ("chelsea", "coffee"):
        for shot in ("frontal", "tilt40", "small18"):
            for frame in clips.read_frames(pictures.clip(picture, shortened(shot))):
                assert recogniser.find(frame) == []


def test_a_frame_larger_than_looked_at_is_answered_in_its_own_pixels(astronaut: bytes) -> None:
    clip = pictures.clip("astronaut", shortened("frontal"))
    frame = clips.read_frames(clip)[0]
    large = cv2.resize(frame, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)

    small_found = Recogniser(astronaut).find(frame)[0]
    large_found = Recogniser(astronaut).find(np.asarray(large, np.uint8))[0]

    off = corners_of(large_found.homography, clip) / 2 - corners_of(small_found.homography, clip)
    assert np.abs(off).max() < 0.5


class TestViews:
    """The views are why a print is found small and tilted: each frame is searched from scratch."""

    def found(self, marker: bytes, shot: str) -> float:
        recogniser = Recogniser(marker)
        hits = []
        for frame in clips.read_frames(pictures.clip("astronaut", shortened(shot))):
            recogniser.reset()
            hits.append(bool(recogniser.find(frame)))
        return sum(hits) / len(hits)

    def marker(self, **views: tuple[int, ...]) -> bytes:
        grey, size = decode(pictures.jpeg(pictures.astronaut()))
        return pack(grey, size, describe_views(grey, **views))

    def test_with_all_views_every_frame_is_recognised(self) -> None:
        marker = self.marker()

        assert self.found(marker, "tilt68") == 1
        assert self.found(marker, "small18") == 1

    def test_without_tilted_views_a_steep_print_is_lost(self) -> None:
        marker = self.marker(tilted_sizes=())

        assert self.found(marker, "frontal") == 1
        assert self.found(marker, "tilt68") < 0.5

    def test_with_a_single_size_a_small_print_is_lost(self) -> None:
        marker = self.marker(sizes=(480,))

        assert self.found(marker, "frontal") == 1
        assert self.found(marker, "small18") == 0


def test_the_plain_build_agrees_to_a_hundredth_of_a_pixel(astronaut: bytes) -> None:
    for shot in ("frontal", "tilt68", "small18", "dim"):
        clip = pictures.clip("astronaut", shortened(shot))
        simd, plain = Recogniser(astronaut), Recogniser(astronaut, PLAIN)
        for frame in clips.read_frames(clip):
            a, b = simd.find(frame)[0], plain.find(frame)[0]
            off = corners_of(a.homography, clip) - corners_of(b.homography, clip)
            assert np.abs(off).max() <= 0.01
