"""A print that outlives the program: a folder on any web server makes it come alive."""

import dataclasses
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests import clips, pictures
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until_played
from tests.servers.vertex_server import free_port

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
CLIENT = ["--client", "Anna", "--phone", "+79161234567"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Python's own web server over a folder."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def plays(address: str, origin: str, picture: str) -> str:
    """Whether the print comes alive; which portrait's video does."""
    with opened(pictures.clip(picture, FRONTAL), (390, 844)) as page:
        witness = Witness(page, origin)
        page.goto(address)
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until_played(page, 0.3)
        names = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        assert all(name.startswith((address, "blob:")) for name in names), names
        source = page.evaluate("document.querySelector('#portrait-video').src")
        witness.nothing_happened()
    return str(source)


def test_a_portrait(desk: Desk, tmp_path: Path) -> None:
    summary = desk.installation.import_portrait(desk.picture, desk.video)
    target = tmp_path / "site" / "family" / "anna"
    target.parent.mkdir(parents=True)

    printed = desk.installation.flask(
        "portraits", "export", str(summary["code"]), "--to", str(target), "--lang", "ru"
    )

    line = json.loads(printed.splitlines()[-1])
    files = [path for path in target.rglob("*") if path.is_file()]
    assert line["files"] == len(files)
    assert line["bytes"] == sum(path.stat().st_size for path in files)
    assert 'lang="ru"' in (target / "index.html").read_text()
    assert "http.server" in (target / "README.txt").read_text()
    with served(tmp_path / "site") as origin:
        plays(f"{origin}/family/anna/", origin, "astronaut")


def test_an_album(desk: Desk, tmp_path: Path) -> None:
    for name in ("astronaut", "chelsea"):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(pictures.jpeg(pictures.PICTURES[name]()))
        files = ["--portrait", str(path), "--video", str(desk.video), "--order", "B 7"]
        desk.installation.flask("portraits", "import", *CLIENT, *files)

    desk.installation.flask("orders", "export", "B 7", "--to", str(tmp_path / "album"))

    with served(tmp_path) as origin:
        found = {plays(f"{origin}/album/", origin, name) for name in ("astronaut", "chelsea")}
    assert len(found) == 2


@pytest.mark.parametrize("which", ["taken", "unknown", "no-folder", "nothing"])
def test_what_cannot_be_exported_says_why_and_leaves_nothing(
    desk: Desk, tmp_path: Path, which: str
) -> None:
    summary = desk.installation.import_portrait(desk.picture, desk.video)
    code, target = str(summary["code"]), tmp_path / "out"
    if which == "taken":
        target.mkdir()
        (target / "letter.txt").write_text("mine")
    if which == "unknown":
        code = "0000000000"
    if which == "no-folder":
        target = tmp_path / "no" / "out"
    if which == "nothing":
        flat = tmp_path / "flat.png"
        Image.new("RGB", (600, 800), "grey").save(flat)
        code = str(desk.installation.import_portrait(flat, desk.video)["code"])
        flat.unlink()
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(subprocess.CalledProcessError) as refused:
        desk.installation.flask("portraits", "export", code, "--to", str(target))

    assert refused.value.returncode == 1
    assert sorted(tmp_path.rglob("*")) == before
