"""One installation for all browser tests, with the photographs imported by the real command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests import pictures
from tests.browser import axe as accessibility
from tests.browser import colours, phones, ruled
from tests.browser.chromium import EXECUTABLE
from tests.servers.presence import lacking
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD


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
    settings = {"VERTEX_DEBUG_PAGES": "true"}  # for the frame that stands up
    studio = Studio(Installation(folder / "instance", settings=settings), folder)
    studio.installation.flask("db", "upgrade")
    for name, picture in pictures.PICTURES.items():
        studio.add(name, picture())
    astronaut = pictures.astronaut()
    studio.add("flat", np.full_like(astronaut, 128))
    studio.add("blurred", np.asarray(cv2.GaussianBlur(astronaut, (0, 0), 25), np.uint8))
    ruled.leave_out_proofs(studio.installation.instance)
    studio.installation.start()
    try:
        yield studio
    finally:
        studio.installation.stop()


@pytest.fixture(scope="session")
def ruled_studio(studio: Studio) -> Studio:
    """The same, with portraits that may not be seen, or cannot come alive."""
    studio.installation.make_admin("olga", PASSWORD)
    three = [studio.portraits[name]["portrait"] for name in ("astronaut", "chelsea", "coffee")]
    studio.portraits |= ruled.add(studio.installation.instance, *three)
    return studio


@pytest.fixture(scope="module")
def many_phones() -> Iterator[phones.Phones]:
    """Phones with cameras of several kinds, whose browsers a module starts once."""
    phones.prepare()
    with phones.phones() as opened:
        yield opened


@dataclass
class Desk:
    """An installation in which only Olga has an account, and the files she uploads."""

    installation: Installation
    picture: Path
    video: Path

    @property
    def url(self) -> str:
        """Where the staff work."""
        return self.installation.url


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The astronaut's portrait, and the video of colours."""
    folder = tmp_path_factory.mktemp("files")
    picture, video = folder / "astronaut.jpg", folder / "colours.mp4"
    picture.write_bytes(pictures.jpeg(pictures.astronaut()))
    colours.make_video(video)
    return picture, video


@pytest.fixture
def empty_desk(
    tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, Path]
) -> Iterator[Desk]:
    """An installation nobody has set up yet."""
    with _served(tmp_path_factory) as installation:
        yield Desk(installation, *files)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, Path]) -> Iterator[Desk]:
    """An installation with an account, for all tests of a module."""
    with _served(tmp_path_factory, "olga") as installation:
        yield Desk(installation, *files)


@contextmanager
def _served(factory: pytest.TempPathFactory, admin: str = "") -> Iterator[Installation]:
    if not Path(EXECUTABLE).exists():
        lacking("Chromium")
    instance = factory.mktemp("desk") / "instance"
    instance.mkdir()
    # the tests are quicker than people are
    limits = {f"VERTEX_{name}_LIMIT": "10000 per minute" for name in ("SIGN_IN", "STAFF", "UPLOAD")}
    installation = Installation(instance, settings={**limits, "VERTEX_DEBUG_PAGES": "true"})
    installation.flask("db", "upgrade")
    if admin:
        installation.make_admin(admin, PASSWORD)
    installation.start()
    try:
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return accessibility.source()
