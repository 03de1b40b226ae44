"""Making markers: deterministic, small, and refused where nothing can be recognised."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests import pictures
from vertex.recogniser import BadPictureError, PoorPictureError, Recogniser, build_marker


@pytest.mark.parametrize("picture", sorted(pictures.PICTURES))
def test_the_same_picture_gives_the_same_bytes_of_at_most_90_kb(picture: str) -> None:
    image = pictures.jpeg(pictures.PICTURES[picture]())

    marker = build_marker(image)

    assert marker == build_marker(image)
    assert len(marker) <= 90_000


@pytest.mark.parametrize("shape", [(600, 600), (400, 1200), (1500, 500), (3000, 2000)])
def test_every_shape_stays_within_90_kb(shape: tuple[int, int]) -> None:
    picture = cv2.resize(pictures.astronaut(), (shape[1], shape[0]))

    assert len(build_marker(pictures.jpeg(np.asarray(picture, np.uint8)))) <= 90_000


def test_homographies_are_in_px_of_the_picture_as_uploaded() -> None:
    large = np.asarray(cv2.resize(pictures.astronaut(), (1500, 2000)), np.uint8)
    frame = np.asarray(cv2.resize(cv2.cvtColor(large, cv2.COLOR_BGR2GRAY), (360, 480)), np.uint8)

    found = Recogniser(build_marker(pictures.jpeg(large))).find(frame)[0]

    corner = found.homography @ [1500, 2000, 1]
    assert corner[:2] / corner[2] == pytest.approx([360, 480], abs=0.5)


@pytest.mark.parametrize("kind", [".png", ".webp", ".jpg"])
def test_jpeg_png_and_webp_are_read(kind: str) -> None:
    assert build_marker(cv2.imencode(kind, pictures.coffee())[1].tobytes())


@pytest.mark.parametrize("image", [b"", b"<html>", pictures.jpeg(pictures.coffee())[:5000]])
def test_what_is_no_picture_is_refused(image: bytes) -> None:
    with pytest.raises(BadPictureError):
        build_marker(image)


def test_a_flat_grey_picture_cannot_be_recognised() -> None:
    with pytest.raises(PoorPictureError, match="flat"):
        build_marker(pictures.jpeg(np.full((800, 600, 3), 128, np.uint8)))


@pytest.mark.parametrize("height", [400, 512, 1000])
def test_a_blurred_portrait_cannot_be_recognised(height: int) -> None:
    size = (height * 3 // 4, height)
    portrait = cv2.resize(pictures.astronaut(), size, interpolation=cv2.INTER_AREA)

    with pytest.raises(PoorPictureError, match=r"too_few_features|not_found_again"):
        build_marker(pictures.jpeg(np.asarray(cv2.GaussianBlur(portrait, (0, 0), 25), np.uint8)))


def test_the_module_makes_a_marker_without_flask(tmp_path: Path) -> None:
    (tmp_path / "in.jpg").write_bytes(pictures.jpeg(pictures.coffee()))
    program = (
        "import sys, runpy; sys.modules['flask'] = None; "
        "sys.argv = ['recogniser', 'in.jpg', 'out.vxm']; "
        "runpy.run_module('vertex.recogniser', run_name='__main__')"
    )

    subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )

    assert (tmp_path / "out.vxm").read_bytes() == build_marker((tmp_path / "in.jpg").read_bytes())
