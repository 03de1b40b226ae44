"""Other pictures made of one: mirrored, cut and coloured, so that a made-up studio has several."""

import io

from PIL import Image, ImageEnhance, ImageOps

_TINTS = ("#4a2c1a", "#1f3a4d", "#3a1f45", "#25402a")
_QUALITY = 85


def variant(picture: bytes, number: int) -> bytes:
    """Return one of many pictures, as JPEG, that follow from a picture and a number."""
    with Image.open(io.BytesIO(picture)) as image:
        made = image.convert("RGB")
    if number % 2:
        made = ImageOps.mirror(made)
    width, height = made.size
    cut = number % 5 * width // 60
    made = made.crop((cut, cut, width - cut, height - cut))
    if number % 3:
        tint = ImageOps.colorize(made.convert("L"), _TINTS[number % len(_TINTS)], "#fff6e8")
        made = Image.blend(made, tint, 0.25 * (number % 3))
    made = ImageEnhance.Contrast(made).enhance(0.9 + number % 4 / 10)
    return _jpeg(made)


def faint(picture: bytes) -> bytes:
    """Return the picture so pale and soft, as JPEG, that no camera finds anything in it."""
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("L").resize((3, 4), Image.Resampling.BOX)
    return _jpeg(small.resize((900, 1200), Image.Resampling.BICUBIC).convert("RGB"))


def _jpeg(image: Image.Image) -> bytes:
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=_QUALITY)
    return stored.getvalue()
