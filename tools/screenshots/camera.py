"""Takes the pictures, small enough for a repository."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
PHONE = (390, 844)
DESK = (1280, 800)

_COLOURS = 128


def shoot(page: Page, name: str, *, whole: bool = False) -> None:
    """Store what the screen shows, or the whole page, as docs/screenshots/<name>.png."""
    page.wait_for_timeout(500)
    with Image.open(io.BytesIO(page.screenshot(full_page=whole))) as picture:
        plain = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    plain.save(FOLDER / f"{name}.png", optimize=True)
