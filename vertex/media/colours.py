"""Colours of any picture, brought to the 8 bits of sRGB that every screen shows."""

import io

import numpy as np
from PIL import Image, ImageCms

_WHITE = (255, 255, 255)  # the paper behind what is transparent


def to_srgb(image: Image.Image) -> Image.Image:
    """Return the picture as opaque 8-bit sRGB, honouring a profile that fits it."""
    profile = image.info.get("icc_profile")
    image = _opaque(image)
    if isinstance(profile, bytes) and profile:
        converted = _by_profile(image, profile)
        if converted is not None:
            return converted
    return image.convert("RGB")


def keeping_alpha(image: Image.Image) -> Image.Image:
    """Return the picture as 8-bit sRGB, with an alpha channel where something shines through."""
    if image.mode.startswith(("I", "F")):
        image = to_grey(image)
        image.info.pop("transparency", None)  # a grey of 16 bits, that nothing has any more
    if image.mode not in ("LA", "PA", "RGBA") and "transparency" not in image.info:
        return to_srgb(image)
    profile = image.info.get("icc_profile")
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    opaque = image.convert("RGB")
    opaque.info["icc_profile"] = profile
    result = to_srgb(opaque)
    if alpha.getextrema() != (255, 255):
        result.putalpha(alpha)
    return result


def to_grey(image: Image.Image) -> Image.Image:
    """Return a picture of 16 or 32 bits a pixel as 8-bit grey of the same brightness."""
    deep = np.asarray(image)
    if image.mode == "F":
        grey = np.clip(deep, 0, 255)
    else:  # all that Pillow opens as I or I;16 counts to 65535
        grey = np.clip(deep, 0, 65535).astype(np.uint32) // 257
    result = Image.fromarray(grey.astype(np.uint8))
    result.info.update(image.info)
    return result


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "La":
        image = image.convert("LA")
    if image.mode in ("LA", "PA", "RGBa"):
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, _WHITE)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # broken, or made for other colours than the picture has
