"""Files move to a bucket while the studio works, the move is killed, and nothing is lost."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media import samples
from tests.servers.browser import Browser
from tests.servers.ceph import Ceph
from tests.servers.killing import Client
from tests.servers.test_uploads import MEGABYTE, large_video
from tests.servers.vertex_server import BIN, ROOT, Installation
from tests.services.intake_parts import good_picture
from tests.web.staff import PASSWORD

pytestmark = pytest.mark.xdist_group("ceph")


@pytest.fixture
def studio(tmp_path: Path, ceph: Ceph) -> Iterator[Installation]:
    """An installation whose files lie in a folder, and that has been told of a bucket."""
    (tmp_path / "instance").mkdir()
    given = {f"VERTEX_{name.upper()}": str(value) for name, value in ceph.settings().items()}
    given |= {"VERTEX_STORAGE": "local", "VERTEX_UPLOAD_LIMIT": "1000 per minute"}
    found = Installation(tmp_path / "instance", settings=given)
    found.flask("db", "upgrade")
    found.make_admin("olga", PASSWORD)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def migration(studio: Installation) -> "subprocess.Popen[str]":
    command = [str(BIN / "flask"), "media", "migrate", "--to", "s3"]
    return subprocess.Popen(
        command, cwd=ROOT, env=studio.environment(), stdout=subprocess.PIPE, text=True
    )


def killed_in_the_middle(studio: Installation) -> set[str]:
    """The files that a move had copied when it was killed."""
    moving = migration(studio)
    assert moving.stdout is not None
    first = moving.stdout.readline()
    moving.send_signal(signal.SIGKILL)
    rest, _ = moving.communicate()
    return {line.split()[1] for line in (first + rest).splitlines()}


def copied(printed: str) -> set[str]:
    return {line.split()[1] for line in printed.splitlines() if line.startswith("copied")}


def test_a_killed_move_is_begun_again_while_uploads_come_in(
    studio: Installation, tmp_path: Path
) -> None:
    film = samples.plain_video(tmp_path / "film.mp4").read_bytes()
    large = large_video(tmp_path / "large.mp4", 12 * MEGABYTE).read_bytes()
    client = Client(studio.port, "Anna 1", good_picture().read(), [film, large])
    uploads = threading.Thread(target=client.run)
    uploads.start()
    while len(client.acknowledged) < 3:
        assert uploads.is_alive()
        client.ending.wait(0.1)

    before = killed_in_the_middle(studio)
    again = copied(studio.flask("media", "migrate", "--to", "s3"))
    client.ending.set()
    uploads.join()
    studio.flask("jobs", "run", "--all")
    studio.stop()
    studio.settings["VERTEX_STORAGE"] = "s3"
    last = studio.flask("media", "migrate", "--to", "s3")
    studio.start()

    assert len(client.acknowledged) > 3
    assert before
    assert again
    assert not before & again  # what had arrived whole was not sent again
    assert last.endswith("Nothing is left to copy.\n")
    assert studio.flask("media", "verify") == "All files are there and whole.\n"
    olga = Browser(studio.port)
    olga.sign_in()
    for portrait in client.acknowledged:
        assert olga.ask("HEAD", f"/portraits/{portrait}/source")[0] == 200
