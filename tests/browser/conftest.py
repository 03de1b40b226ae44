"""One installation for all browser tests, with the photographs imported by the real command."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests import pictures
from tests.browser import colours
from tests.browser.chromium import EXECUTABLE
from tests.servers.presence import lacking
from tests.servers.vertex_server import Installation


@dataclass
class Studio:
    """A running installation and what `flask portraits import` said of each portrait."""

    installation: Installation
    folder: Path
    portraits: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, picture: pictures.Pixels) -> None:
        """Import a picture with the video of colours."""
        path = self.folder / f"{name}.jpg"
        path.write_bytes(pictures.jpeg(picture))
        self.portraits[name] = self.installation.import_portrait(path, self.folder / "colours.mp4")

    def page(self, name: str) -> str:
        """The address of a portrait's page."""
        return f"{self.installation.url}/v/{self.portraits[name]['code']}"


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The studio whose prints are looked at."""
    if not Path(EXECUTABLE).exists():
        lacking("Chromium")
    folder = tmp_path_factory.mktemp("studio")
    (folder / "instance").mkdir()
    colours.make_video(folder / "colours.mp4")
    studio = Studio(Installation(folder / "instance"), folder)
    studio.installation.flask("db", "upgrade")
    for name, picture in pictures.PICTURES.items():
        studio.add(name, picture())
    astronaut = pictures.astronaut()
    studio.add("flat", np.full_like(astronaut, 128))
    studio.add("blurred", np.asarray(cv2.GaussianBlur(astronaut, (0, 0), 25), np.uint8))
    studio.installation.start()
    try:
        yield studio
    finally:
        studio.installation.stop()
