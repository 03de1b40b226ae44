"""Pictures: accepted by content, turned upright, freed of metadata."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.media import samples
from tests.media.refusals import IMAGES, Make, cases
from tests.media.samples import encoded, photo
from vertex.media import RefusedFileError, images


def prepare(content: bytes) -> images.PreparedImage:
    return images.prepare(io.BytesIO(content))


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(float)


def distance(preview: bytes, expected: Image.Image) -> float:
    """The mean difference in grey levels."""
    return float(np.abs(pixels(preview) - np.asarray(expected.convert("RGB"), float)).mean())


@pytest.mark.parametrize(("make", "code"), cases(IMAGES))
def test_refuses(make: Make, code: str, tmp_path: Path) -> None:
    path = make(tmp_path / "portrait.jpg")

    with path.open("rb") as source, pytest.raises(RefusedFileError) as refusal:
        images.prepare(source)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("MPO", "image/jpeg", "jpg"),  # as phones write a JPEG with a second picture in it
        ("PNG", "image/png", "png"),
        ("WEBP", "image/webp", "webp"),
    ],
)
def test_accepts(kind: str, content_type: str, extension: str) -> None:
    more = {"save_all": True, "append_images": [photo(240, 300)]} if kind == "MPO" else {}

    prepared = prepare(encoded(photo(), kind, **more))

    assert (prepared.content_type, prepared.extension) == (content_type, extension)
    assert (prepared.width, prepared.height) == (480, 600)
    assert distance(prepared.preview, photo()) < 4


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "RGBA", "LA"])
def test_every_kind_of_colours_becomes_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = photo().quantize(128) if mode == "P" else photo().convert(mode)

    preview = prepare(encoded(image, kind)).preview

    assert Image.open(io.BytesIO(preview)).mode == "RGB"
    assert distance(preview, image) < (20 if mode == "1" else 5)


@pytest.mark.parametrize("side", [500, 2000])
def test_sixteen_bits_keep_their_brightness(side: int) -> None:
    grey = photo(side, side).convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)

    preview = prepare(encoded(deep, "PNG")).preview

    assert abs(pixels(preview).mean() - np.asarray(grey).mean()) < 1


def test_paper_is_white_behind_what_is_transparent() -> None:
    image = photo()
    image.putalpha(0)

    assert pixels(prepare(encoded(image, "PNG")).preview).min() > 250


def test_colours_are_converted_by_their_profile() -> None:
    plain = prepare(encoded(photo(), "PNG")).preview

    wide = prepare(encoded(photo(), "PNG", icc_profile=samples.wide_profile())).preview

    # the same numbers mean stronger colours in a wider space: more red on the red suit
    assert pixels(wide)[..., 0].mean() != pytest.approx(pixels(plain)[..., 0].mean(), abs=1)


@pytest.mark.parametrize("profile", [b"no profile", samples.srgb_profile()[:300]])
def test_a_broken_profile_is_ignored(profile: bytes) -> None:
    preview = prepare(encoded(photo(), "PNG", icc_profile=profile)).preview

    assert distance(preview, photo()) < 4


def test_a_profile_for_other_colours_is_ignored() -> None:
    grey = photo().convert("L")

    preview = prepare(encoded(grey, "PNG", icc_profile=samples.srgb_profile())).preview

    assert distance(preview, grey) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_is_turned_upright(orientation: int) -> None:
    upright = photo(480, 600)
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[orientation]) if orientation in back else upright

    prepared = prepare(encoded(stored, quality=95, exif=samples.telling_exif(orientation)))

    assert (prepared.width, prepared.height) == (480, 600)
    assert distance(prepared.preview, upright) < 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_gets_a_small_preview_of_the_same_shape(kind: str) -> None:
    prepared = prepare(encoded(photo(2400, 3000), kind, exif=samples.telling_exif(6)))

    with Image.open(io.BytesIO(prepared.preview)) as preview:
        assert preview.size == (1600, 1280)
    assert (prepared.width, prepared.height) == (3000, 2400)


def test_a_small_picture_is_not_blown_up() -> None:
    with Image.open(io.BytesIO(prepare(encoded(photo(240, 300))).preview)) as preview:
        assert preview.size == (240, 300)


@pytest.mark.parametrize(
    "content", [samples.telling_jpeg, samples.telling_png, samples.telling_webp]
)
def test_a_preview_has_no_metadata(content: type) -> None:
    source = content()
    assert samples.SECRET.encode() in source

    preview = prepare(source).preview

    assert samples.SECRET.encode() not in preview
    with Image.open(io.BytesIO(preview)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
        }
        assert not image.getexif()
    assert b"\xff\xe1" not in preview[:200]


def test_same_picture_same_preview() -> None:
    assert prepare(samples.telling_jpeg()).preview == prepare(samples.telling_jpeg()).preview


def test_a_marker_preview_is_grey_and_small() -> None:
    preview = images.marker_preview(prepare(encoded(photo(1200, 1500))).preview)

    with Image.open(io.BytesIO(preview)) as image:
        assert (image.mode, image.size) == ("L", (512, 640))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, on broken EXIF
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
@settings(max_examples=60, deadline=None)
def test_damage_is_refused_or_survived_but_never_a_crash(data: st.DataObject, kind: str) -> None:
    content = bytearray(DAMAGED_SOURCES[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, min(len(content) - 1, 4000)))] = data.draw(
            st.integers(0, 255)
        )

    try:
        prepared = prepare(bytes(content))
    except RefusedFileError as refusal:
        assert refusal.code.startswith("image_")
    else:
        assert prepared.preview.startswith(b"\xff\xd8")


DAMAGED_SOURCES = {
    kind: encoded(photo(200, 250), kind, exif=samples.telling_exif(6), **options)
    for kind, options in (("JPEG", {"comment": b"x"}), ("PNG", {}), ("WEBP", {}))
}
