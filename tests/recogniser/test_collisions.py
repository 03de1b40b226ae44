"""Portraits that a phone would confuse are told before they are printed."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import pytest

from benchmarks.proof import any_marker
from benchmarks.proof_pictures import PICTURES
from tests import pictures
from tests.clips import Pixels
from vertex.recogniser import Printed, collisions


def printed(picture: Pixels) -> Printed:
    image = pictures.jpeg(np.ascontiguousarray(picture))
    return Printed(image, any_marker(image)[0])


def with_text(picture: Pixels) -> Pixels:
    picture = picture.copy()
    cv2.rectangle(picture, (100, 800), (650, 960), (255, 255, 255), -1)
    cv2.putText(picture, "Anna 2026", (120, 900), 3, 3, (0, 0, 0), 6)
    return picture


def darker(picture: Pixels) -> Pixels:
    return (255 * (picture / 255.0) ** 1.8).astype(np.uint8)


COPIES: Mapping[str, Callable[[Pixels], Pixels]] = {
    "a crop": lambda a: a[100:900, 75:675],
    "a tight crop": lambda a: a[60:660, 150:600],
    "brighter": lambda a: cv2.convertScaleAbs(a, alpha=1.2, beta=40),
    "a filter": darker,
    "black and white": lambda a: cv2.cvtColor(
        cv2.cvtColor(a, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR
    ),
    "with text": with_text,
    "turned": lambda a: cv2.rotate(a, cv2.ROTATE_90_CLOCKWISE),
}


@pytest.mark.parametrize("edit", sorted(COPIES))
def test_an_edited_copy_is_reported(edit: str) -> None:
    copy = np.asarray(COPIES[edit](pictures.astronaut()), np.uint8)

    found = collisions([printed(pictures.coffee()), printed(pictures.astronaut()), printed(copy)])

    assert [(pair.first, pair.second) for pair in found] == [(1, 2)]
    assert 0 < found[0].confused <= found[0].looks


def test_different_portraits_are_not_reported() -> None:
    names = ["astronaut", "cat", "coffee", "coins", "page of text", "retina", "tissue"]

    assert collisions([printed(PICTURES[name]()) for name in names]) == ()


def test_a_mirrored_copy_is_another_picture_to_the_recogniser() -> None:
    astronaut = pictures.astronaut()

    assert collisions([printed(astronaut), printed(astronaut[:, ::-1])]) == ()


def test_only_pairs_with_a_new_portrait_are_looked_at() -> None:
    astronaut, coffee = printed(pictures.astronaut()), printed(pictures.coffee())
    told: list[tuple[int, int]] = []

    found = collisions(
        [astronaut, astronaut, coffee], lambda *progress: told.append(progress), new=[2]
    )

    assert found == ()
    assert told == [(1, 2), (2, 2)]
