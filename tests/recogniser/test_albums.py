"""Albums: one marker of many portraits, each told from the others, two of them in view at once."""

import dataclasses
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests import albums, clips, pictures
from vertex.recogniser import BadMarkerError, PoorPictureError, Recogniser, build_marker
from vertex.recogniser.markerfile import MOST_PORTRAITS, join_markers

Grey = NDArray[np.uint8]

SHOTS = ("frontal", "tilt40", "small30")


@cache
def recognisable(kind: str) -> tuple[tuple[clips.Pixels, bytes], ...]:
    """Portraits of a kind that a marker can be made of, with their markers."""
    found = []
    for picture in getattr(albums, kind)(50):
        try:
            found.append((picture, build_marker(pictures.jpeg(picture))))
        except PoorPictureError:
            continue
    return tuple(found)


def frames(picture: clips.Pixels, shot: str, count: int) -> list[Grey]:
    short = dataclasses.replace(clips.STANDARD[shot], frames=count)
    return [
        np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        for frame, _ in clips.render(picture, short)
    ]


def two_portraits() -> tuple[clips.Pixels, clips.Pixels]:
    """The astronaut and the cup of coffee, both of the size of an album's portraits."""
    cup = pictures.coffee()[:, 240:720]
    face = cv2.resize(pictures.astronaut(), albums.SIDES, interpolation=cv2.INTER_AREA)
    return np.asarray(face, np.uint8), cup


def album_of(pair: tuple[clips.Pixels, clips.Pixels]) -> Recogniser:
    """A recogniser of five other portraits and these two, numbers 5 and 6."""
    others = [marker for _, marker in recognisable("crops")[:5]]
    return Recogniser(join_markers([*others, *(build_marker(pictures.jpeg(p)) for p in pair)]))


@pytest.mark.parametrize(("kind", "count"), [("crops", 20), ("lookalikes", 20), ("lookalikes", 50)])
def test_a_portrait_of_an_album_is_never_taken_for_another(kind: str, count: int) -> None:
    album = recognisable(kind)[:count]
    recogniser = Recogniser(join_markers([marker for _, marker in album]))
    right = alone = 0

    for index in range(0, len(album), max(1, len(album) // 10)):
        by_itself = Recogniser(album[index][1])
        for shot in SHOTS:
            for frame in frames(album[index][0], shot, 2):
                recogniser.reset()
                by_itself.reset()
                seen = [found.index for found in recogniser.find(frame)]
                assert seen in ([index], [])
                right += seen == [index]
                alone += len(by_itself.find(frame))

    assert alone >= 40 and right >= 0.9 * alone


def test_the_two_views_of_one_scene_are_told_apart() -> None:
    views = [albums.motorcycle(side) for side in (0, 1)]
    recogniser = Recogniser(join_markers([build_marker(pictures.jpeg(view)) for view in views]))

    for index, view in enumerate(views):
        for shot in SHOTS:
            for frame in frames(view, shot, 3):
                recogniser.reset()
                assert [found.index for found in recogniser.find(frame)] == [index]


def test_two_portraits_in_view_are_both_found_where_they_are() -> None:
    pair = two_portraits()
    recogniser = album_of(pair)
    both, outlines = albums.side_by_side(*pair)
    shot = clips.Shot(scale=0.5, frames=12)

    for frame, corners in clips.render(both, shot):
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        found = {found.index: found.homography for found in recogniser.find(grey)}

        assert sorted(found) == [5, 6]
        height, width = both.shape[:2]
        sheet = np.array([[0.0, 0], [width, 0], [width, height], [0, height]], np.float32)
        truth = cv2.getPerspectiveTransform(sheet, np.asarray(corners, np.float32))
        for index, outline in zip((5, 6), outlines, strict=True):
            own = np.array(albums.OUTLINE)[:, None]
            off = cv2.perspectiveTransform(own, found[index]) - cv2.perspectiveTransform(
                np.array(outline)[:, None], truth
            )
            assert np.abs(off).max() <= 1


def test_the_second_portrait_is_found_while_the_first_is_followed() -> None:
    pair = two_portraits()
    recogniser = album_of(pair)
    both, _ = albums.side_by_side(*pair)
    alone, _ = albums.side_by_side(pair[0], np.full_like(pair[1], 120))
    shot = clips.Shot(scale=0.5, frames=15)
    seen = []

    for picture in (alone, both):
        for frame, _corners in clips.render(picture, shot):
            grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
            seen.append(sorted(found.index for found in recogniser.find(grey)))

    assert seen[:15] == [[5]] * 15
    assert seen[-1] == [5, 6]


def test_an_album_of_too_many_or_none_is_refused() -> None:
    marker = recognisable("crops")[0][1]

    with pytest.raises(BadMarkerError, match="portraits"):
        join_markers([marker] * (MOST_PORTRAITS + 1))
    with pytest.raises(BadMarkerError, match="portraits"):
        join_markers([])
