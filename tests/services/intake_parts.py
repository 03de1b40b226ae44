"""What the tests of intake share: files that are fine, and a look at what is left."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import skimage.data
from flask import Flask
from PIL import Image, ImageFilter
from sqlalchemy import func, select

from tests.media.samples import encoded
from vertex.extensions import Base, db
from vertex.runtime import Runtime


def astronaut() -> Image.Image:
    """The photograph with which recognition is proven."""
    pixels = skimage.data.astronaut()
    return Image.fromarray(pixels).crop((60, 0, 360, 400))


def good_picture() -> BinaryIO:
    """A portrait that a phone recognises."""
    return io.BytesIO(encoded(astronaut(), quality=95))


def soft_picture() -> BinaryIO:
    """A portrait in which nothing is left to recognise."""
    return io.BytesIO(encoded(astronaut().filter(ImageFilter.GaussianBlur(25)), quality=95))


def rows_of(app: Flask) -> dict[str, int]:
    """How many rows each table has that has any."""
    with app.app_context():
        return {name: count for name, count in _counts() if count}


def files_of(app: Flask) -> list[Path]:
    """Every file of the installation's media folder."""
    runtime: Runtime = app.extensions["vertex"]
    root = runtime.settings.media_root
    return sorted(path for path in root.rglob("*") if path.is_file())


def _counts() -> Iterator[tuple[str, int]]:
    for table in Base.metadata.sorted_tables:
        yield table.name, db.session.scalar(select(func.count()).select_from(table)) or 0
