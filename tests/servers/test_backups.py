"""Backups of a studio at work, killed at any moment: each is whole, or not there at all."""

import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.media import samples
from tests.servers.browser import Browser
from tests.servers.ceph import Ceph
from tests.servers.killing import Client
from tests.servers.postgres import Postgres
from tests.servers.vertex_server import BIN, ROOT, Installation
from tests.services.intake_parts import good_picture
from tests.web.staff import PASSWORD

KILLS = 8
SEED = 20261127

pytestmark = pytest.mark.xdist_group("ceph")


@pytest.fixture(params=["SQLite and a folder", "PostgreSQL and a bucket"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What an installation is told of its database, its store and the disk of its backups."""
    given = {
        "VERTEX_BACKUPS_FOLDER": str(tmp_path / "disk"),
        "VERTEX_UPLOAD_LIMIT": "1000 per minute",
    }
    if request.param.startswith("PostgreSQL"):
        postgres: Postgres = request.getfixturevalue("postgres")
        ceph: Ceph = request.getfixturevalue("ceph")
        given |= {f"VERTEX_{name.upper()}": str(v) for name, v in ceph.settings().items()}
        given["VERTEX_DATABASE_URL"] = postgres.url(postgres.new_database())
    return given


@pytest.fixture
def studio(settings: dict[str, str], tmp_path: Path) -> Iterator[Installation]:
    """A studio at work."""
    (tmp_path / "studio").mkdir()
    found = Installation(tmp_path / "studio", settings=settings)
    found.flask("db", "upgrade")
    found.flask("media", "init")
    found.make_admin("olga", PASSWORD)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def killed_backups(studio: Installation) -> int:
    """How many of many backups were killed before they had ended."""
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    struck = 0
    for _ in range(KILLS):
        making = subprocess.Popen(
            [str(BIN / "flask"), "backups", "make"],
            cwd=ROOT,
            env=studio.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.5, 3.0))
        making.send_signal(signal.SIGKILL)
        struck += making.wait() == -signal.SIGKILL
    return struck


def names(studio: Installation) -> list[str]:
    return [line.split()[0] for line in studio.flask("backups", "list").splitlines()]


def test_backups_of_a_studio_at_work_are_whole(studio: Installation, tmp_path: Path) -> None:
    film = samples.plain_video(tmp_path / "film.mp4").read_bytes()
    client = Client(studio.port, "Anna 1", good_picture().read(), [film])
    uploads = threading.Thread(target=client.run)
    uploads.start()
    struck = killed_backups(studio)
    saved: list[UUID] = list(client.acknowledged)
    studio.flask("backups", "make")
    during = len(client.acknowledged)
    client.ending.set()
    uploads.join()
    studio.stop()

    assert struck >= KILLS // 3
    assert len(saved) > 3
    assert during >= len(saved)
    for name in names(studio):
        assert studio.flask("backups", "verify", name) == f"{name} is whole.\n"
    disk = Path(studio.settings["VERTEX_BACKUPS_FOLDER"])
    assert list((disk / ".tmp").iterdir()) == []

    restored = studio.flask("backups", "restore", names(studio)[-1], "--yes")
    assert restored.endswith("Everybody signs in again.\n")
    assert studio.flask("media", "verify") == "All files are there and whole.\n"
    studio.start()
    studio.flask("jobs", "run", "--all")
    olga = Browser(studio.port)
    olga.sign_in()
    for portrait in saved:
        assert olga.ask("HEAD", f"/portraits/{portrait}/source")[0] == 200
