"""The demo's two files: small, clean, and of one framing."""

from io import BytesIO
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from vertex.services.demo import read

SIZE = (540, 720)


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    """The drawn portrait."""
    return Image.open(BytesIO(read("portrait.jpg")))


@pytest.fixture(scope="module")
def frames() -> list[NDArray[Any]]:
    """Every frame of the film, as RGB."""
    with av.open(BytesIO(read("video.mp4")), "r") as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def small(portrait: Image.Image) -> NDArray[np.float64]:
    """The portrait at the size of the film."""
    return np.asarray(portrait.convert("RGB").resize(SIZE, Image.Resampling.BOX), float)


def distance(a: NDArray[np.float64], b: NDArray[np.uint8]) -> float:
    """The root of the mean squared difference of two pictures."""
    return float(np.sqrt(((a - b) ** 2).mean()))


def test_the_portrait_is_three_by_four_small_and_without_metadata(portrait: Image.Image) -> None:
    assert (portrait.format, portrait.size) == ("JPEG", (1200, 1600))
    assert len(read("portrait.jpg")) <= 400_000
    assert not portrait.getexif()
    assert set(portrait.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
        "progressive",
        "progression",
    }


def test_the_film_is_what_every_phone_plays() -> None:
    content = read("video.mp4")
    with av.open(BytesIO(content), "r") as film:
        picture, sound = film.streams.video[0], film.streams.audio[0]
        assert isinstance(picture, VideoStream)
        assert (picture.codec_context.name, picture.profile) == ("h264", "High")
        assert (picture.width, picture.height, picture.format.name) == (*SIZE, "yuv420p")
        assert sound.codec_context.name == "aac"
        assert film.duration is not None and 5 <= film.duration / 1e6 <= 6.1

    assert len(content) <= 500_000
    assert content.index(b"moov") < content.index(b"mdat")
    assert b"x264" not in content and b"Lavf" not in content


def test_the_film_begins_as_the_portrait_and_ends_there(
    portrait: Image.Image, frames: list[NDArray[np.uint8]]
) -> None:
    still = small(portrait)

    begin, end = distance(still, frames[0]), distance(still, frames[-1])
    moved = max(distance(still, frame) for frame in frames)

    assert len(frames) == 150
    assert begin < 20
    assert end < begin + 6
    assert moved > 1.5 * begin


def test_features_lie_all_over_the_portrait(portrait: Image.Image) -> None:
    grey = cv2.cvtColor(small(portrait).astype(np.uint8), cv2.COLOR_RGB2GRAY)
    corners = cv2.FastFeatureDetector.create(20).detect(grey)
    places = np.array([corner.pt for corner in corners])

    counts, _, _ = np.histogram2d(
        places[:, 1], places[:, 0], bins=(8, 6), range=((0, 720), (0, 540))
    )

    assert counts.min() >= 25
