"""The QR code of an address, as a drawing and as a picture."""

import io
from typing import TypeVar

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.base import BaseImage
from qrcode.image.pil import PilImage
from qrcode.image.svg import SvgPathFillImage

_Image = TypeVar("_Image", bound=BaseImage)

_QUIET_ZONE = 4  # modules: the standard (ISO/IEC 18004) asks for four
_PNG_MODULE = 16  # px, so that the smallest code is printed sharply at 3 cm and 400 dpi


def svg(address: str) -> bytes:
    """The code as SVG, black on white."""
    drawn = io.BytesIO()
    _code(address, SvgPathFillImage).make_image().save(drawn)
    return drawn.getvalue()


def png(address: str) -> bytes:
    """The code as PNG, black on white."""
    drawn = io.BytesIO()
    _code(address, PilImage).make_image().save(drawn, format="PNG")
    return drawn.getvalue()


def modules(address: str) -> list[list[bool]]:
    """The rows of the code's modules, true where it is dark, without the zone around it."""
    code = _code(address, PilImage)
    code.border = 0
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _code(address: str, image_factory: type[_Image]) -> qrcode.QRCode[_Image]:
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M,
        box_size=_PNG_MODULE,
        border=_QUIET_ZONE,
        image_factory=image_factory,
    )
    code.add_data(address)
    return code
