"""Logos: accepted by content, small, as transparent as they were, free of metadata."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media import samples
from tests.media.refusals import IMAGES, Make, cases
from tests.media.samples import SECRET, encoded, photo
from vertex.media import RefusedFileError, logos

BLUE, CLEAR = (43, 108, 176, 255), (0, 0, 0, 0)


def prepare(content: bytes) -> logos.PreparedLogo:
    return logos.prepare(io.BytesIO(content))


def opened(logo: logos.PreparedLogo) -> Image.Image:
    return Image.open(io.BytesIO(logo.content))


def drawing(width: int = 900, height: int = 300) -> Image.Image:
    """A blue box in the middle of nothing."""
    image = Image.new("RGBA", (width, height), CLEAR)
    image.paste(BLUE, (width // 3, height // 3, 2 * width // 3, 2 * height // 3))
    return image


# what a portrait must have that a logo need not
PORTRAITS_ALONE = {"image_small", "image_narrow", "image_megapixels"}


@pytest.mark.parametrize(
    ("make", "code"),
    cases({name: case for name, case in IMAGES.items() if case[1] not in PORTRAITS_ALONE}),
)
def test_refuses(make: Make, code: str, tmp_path: Path) -> None:
    path = make(tmp_path / "logo.png")

    with path.open("rb") as source, pytest.raises(RefusedFileError) as refusal:
        logos.prepare(source)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("size", "code"),
    [((400, 31), "image_small"), ((641, 64), "image_narrow"), ((5001, 5000), "image_megapixels")],
)
def test_refuses_sizes(size: tuple[int, int], code: str) -> None:
    with pytest.raises(RefusedFileError) as refusal:
        prepare(encoded(Image.new("L", size), "PNG"))

    assert refusal.value.code == code


def test_a_drawing_stays_transparent_and_becomes_small() -> None:
    logo = prepare(encoded(drawing(), "PNG"))

    image = opened(logo)
    assert (logo.extension, image.format, image.mode) == ("png", "PNG", "RGBA")
    assert (logo.width, logo.height) == image.size == (640, 213)
    assert image.getpixel((5, 5)) == CLEAR
    assert image.getpixel((320, 106)) == BLUE
    assert len(logo.content) < 3000


def test_edges_keep_their_colour() -> None:
    """What is transparent has a colour, too, which must not shine through at the edges."""
    image = drawing()
    pixels = np.asarray(image).copy()
    pixels[pixels[..., 3] == 0] = (255, 255, 255, 0)

    shown = np.asarray(opened(prepare(encoded(Image.fromarray(pixels), "PNG"))))

    half = shown[(shown[..., 3] > 20) & (shown[..., 3] < 235)]
    assert len(half) > 50
    assert np.abs(half[:, :3].astype(int) - BLUE[:3]).max() <= 8


def test_a_small_one_is_not_made_larger() -> None:
    logo = prepare(encoded(drawing(120, 60), "WEBP", lossless=True))

    assert (logo.width, logo.height) == (120, 60)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK", "I;16"])
def test_any_mode_shows_what_it_showed(mode: str) -> None:
    grey = photo().convert("L")
    if mode == "I;16":
        source = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        source = grey.convert(mode)

    shown = np.asarray(opened(prepare(encoded(source, "JPEG" if mode == "CMYK" else "PNG"))))

    expected = np.asarray(source.convert("RGB") if mode != "I;16" else grey.convert("RGB"))
    assert np.abs(shown[..., :3].astype(int) - expected.astype(int)).mean() < 4


@pytest.mark.parametrize("make", [samples.telling_png, samples.telling_webp, samples.telling_jpeg])
def test_nothing_is_told_of_where_it_came_from(make: object) -> None:
    content = make()  # type: ignore[operator]
    assert SECRET.encode() in content

    logo = prepare(content)

    assert SECRET.encode() not in logo.content
    assert not opened(logo).info.keys() & {"exif", "xmp", "icc_profile", "comment", "Comment"}


def test_is_turned_upright() -> None:
    logo = prepare(samples.telling_jpeg(orientation=6))

    assert (logo.width, logo.height) == (600, 480)


def test_colours_are_those_of_srgb() -> None:
    image = drawing()
    wide = encoded(image, "PNG", icc_profile=samples.wide_profile())

    shown = opened(prepare(wide))

    middle = shown.getpixel((320, 106))
    assert isinstance(middle, tuple)
    assert middle != BLUE
    assert middle[3] == 255
    assert shown.getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("size", [(640, 640), (1500, 1500), (3000, 300)])
@pytest.mark.parametrize("channels", [3, 4])
def test_whatever_it_shows_it_is_at_most_60_kilobytes(size: tuple[int, int], channels: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], channels), np.uint8)

    logo = prepare(encoded(Image.fromarray(noise), "PNG"))

    assert len(logo.content) <= logos.MAX_BYTES
    assert opened(logo).mode == ("RGB" if channels == 3 else "RGBA")


def test_a_photograph_keeps_its_size_and_its_looks() -> None:
    logo = prepare(encoded(photo(1280, 1280), "PNG"))

    assert (logo.extension, logo.width, logo.height) == ("webp", 640, 640)
    expected = np.asarray(photo(1280, 1280).resize((640, 640), Image.Resampling.LANCZOS), int)
    assert np.abs(np.asarray(opened(logo)).astype(int) - expected).mean() < 5
