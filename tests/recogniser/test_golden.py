"""Markers that were stored long ago: phones and servers of today still read them."""

from pathlib import Path

import numpy as np
import pytest

from tests import pictures
from vertex.recogniser import Recogniser

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("file", "picture", "index"),
    [
        ("astronaut-v2.vxm", "astronaut", 0),
        ("album-v2.vxm", "astronaut", 0),
        ("album-v2.vxm", "coffee", 1),
        ("light-album-v2.vxm", "astronaut", 0),
        ("light-album-v2.vxm", "coffee", 1),
    ],
)
def test_an_old_marker_still_finds_its_print(file: str, picture: str, index: int) -> None:
    grey = pictures.PICTURES[picture]().mean(axis=2).astype(np.uint8)

    found = Recogniser((GOLDEN / file).read_bytes()).find(grey)

    assert [one.index for one in found] == [index]
    height, width = grey.shape
    corner = found[0].homography @ np.array([width, height, 1.0])
    assert corner[:2] / corner[2] == pytest.approx([width, height], abs=2)


def test_there_is_one_for_each_version_that_was_ever_released() -> None:
    versions = {path.read_bytes()[3] for path in GOLDEN.glob("*.vxm")}

    assert versions == {2}  # of version 1 nothing was ever printed
