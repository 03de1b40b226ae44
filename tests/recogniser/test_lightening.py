"""Light markers of albums: small enough for a bad line, and they find what the full ones find."""

import brotli
import numpy as np
import pytest

from tests import pictures
from tests.recogniser.test_albums import SHOTS, frames, recognisable
from vertex.recogniser import (
    BadMarkerError,
    Lightness,
    Recogniser,
    build_marker,
    join_markers,
    lighten,
)
from vertex.services.albums import grades


def light_album(kind: str, count: int) -> bytes:
    """The first marker of an album, as a phone gets it."""
    first = grades(count)[0]
    assert first is not None
    return join_markers([lighten(marker, first) for _, marker in recognisable(kind)[:count]])


@pytest.mark.parametrize(("count", "most"), [(2, 70_000), (5, 70_000), (10, 80_000), (20, 110_000)])
def test_the_first_marker_of_an_album_is_small(count: int, most: int) -> None:
    marker = light_album("crops", count)

    assert len(brotli.compress(marker, quality=5)) <= most  # as the first visitor gets it


def test_the_markers_of_an_album_grow_up_to_the_full_one() -> None:
    for count in range(2, 51):
        known = grades(count)
        sizes = [one.descriptors for one in known if one is not None]

        assert known[-1] is None and sizes == sorted(set(sizes))
        assert (80 if count <= 40 else 64) <= sizes[0] <= 600
    assert grades(1) == [None]


@pytest.mark.parametrize(("kind", "count"), [("crops", 20), ("lookalikes", 20), ("lookalikes", 50)])
def test_a_light_album_finds_what_the_full_one_finds(kind: str, count: int) -> None:
    album = recognisable(kind)[:count]
    full = Recogniser(join_markers([marker for _, marker in album]))
    light = Recogniser(light_album(kind, count))
    found = seen = 0
    off: list[float] = []

    for index in range(0, len(album), max(3, len(album) // 8)):
        picture = album[index][0]
        height, width = picture.shape[:2]
        corners = np.array([[0.0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]).T
        for shot in SHOTS:
            for frame in frames(picture, shot, 1):
                full.reset()
                light.reset()
                there, here = full.find(frame), light.find(frame)
                assert [one.index for one in here] in ([index], [])
                seen += len(there)
                found += len(here) if there else 0
                if here and there:
                    places = [one.homography @ corners for one in (here[0], there[0])]
                    here_px, there_px = (place[:2] / place[2] for place in places)
                    off.append(float(np.abs(here_px - there_px).max()))

    assert seen >= 12 and found >= 0.9 * seen
    assert np.median(off) <= 1  # px of the camera's frame


def test_a_light_marker_is_made_of_one_portrait_alone() -> None:
    marker = build_marker(pictures.jpeg(pictures.astronaut()))
    few = Lightness(100, 9000)

    assert lighten(marker, few) == lighten(marker, few)
    assert len(lighten(marker, few)) < len(marker) / 4
    with pytest.raises(BadMarkerError, match="portraits"):
        lighten(join_markers([marker, marker]), few)
