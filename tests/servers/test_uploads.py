"""Uploads at a real server: what it reads of a stranger, and what memory a large video takes."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.media import samples
from tests.servers.browser import Browser
from tests.servers.vertex_server import Installation
from tests.services.intake_parts import good_picture
from tests.web.staff import PASSWORD

MEGABYTE = 1024**2
BOUNDARY = "a-boundary"
MOST_GROWTH = 30 * MEGABYTE


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    instance = tmp_path_factory.mktemp("studio") / "instance"
    instance.mkdir()
    installation = Installation(instance)
    installation.settings["VERTEX_MAX_VIDEO_BYTES"] = str(250 * MEGABYTE)
    installation.flask("db", "upgrade")
    installation.make_admin("olga", PASSWORD)
    installation.start()
    try:
        yield installation
    finally:
        installation.stop()


def part(name: str, value: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


def file_head(name: str, filename: str) -> bytes:
    disposition = f'form-data; name="{name}"; filename="{filename}"'
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()


def large_video(path: Path, size: int) -> Path:
    """A real video made large by a box that players skip."""
    samples.plain_video(path)
    padding = size - path.stat().st_size
    with path.open("ab") as file:
        file.write(padding.to_bytes(4, "big") + b"free")
        file.truncate(size)
    return path


def resident(pid: int) -> int:
    """The memory of a process that is in use now, in bytes, without what it shares with files."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found
    return int(found.group(1)) * 1024


class Watch:
    """Notes the most memory a process uses while it is watched."""

    def __init__(self, pid: int) -> None:
        self._pid, self._ended = pid, threading.Event()
        self.before = self.most = resident(pid)
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            self.most = max(self.most, resident(self._pid))


def stored_files(studio: Installation) -> list[Path]:
    """Every file of the installation's media folder, finished or not."""
    return sorted(path for path in (studio.instance / "media").rglob("*") if path.is_file())


def send(studio: Installation, cookie: str, parts: list[bytes | BinaryIO], length: int) -> bytes:
    """Send a form in pieces and return the answer."""
    with socket.create_connection(("127.0.0.1", studio.port)) as line:
        head = f"POST /portraits/new HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nConnection: close\r\n"
        line.sendall(f"{head}Cookie: {cookie}\r\nContent-Length: {length}\r\n\r\n".encode())
        for item in parts:
            if isinstance(item, bytes):
                line.sendall(item)
            else:
                line.sendfile(item)
        line.settimeout(60)
        return line.makefile("rb").read()


def upload(studio: Installation, browser: Browser, video: Path) -> bytes:
    """Upload a portrait with this video and return the answer."""
    words = {
        "csrf_token": browser.hidden("/portraits/new", "csrf_token"),
        "once": browser.hidden("/portraits/new", "once"),
        "client": "Anna",
        "phone": "+79161234567",
    }
    before = b"".join(part(name, value) for name, value in words.items())
    before += file_head("portrait", "a.jpg") + good_picture().read() + b"\r\n"
    before += file_head("video", "a.mp4")
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = len(before) + video.stat().st_size + len(after)
    with video.open("rb") as file:
        return send(studio, browser.cookie, [before, file, after], length)


def wait_until_nothing_is_under_way(studio: Installation) -> None:
    """Fail if temporary files stay: those of jobs come and go after the upload's own."""
    deadline = time.monotonic() + 60
    while left := list((studio.instance / "media" / ".tmp").iterdir()):
        if time.monotonic() > deadline:
            raise AssertionError(left)
        time.sleep(0.1)


def test_memory_stays_flat_while_a_large_video_comes_in(
    studio: Installation, tmp_path: Path
) -> None:
    browser = Browser(studio.port)
    browser.sign_in()
    upload(studio, browser, samples.plain_video(tmp_path / "small.mp4"))  # what is loaded once
    video = large_video(tmp_path / "large.mp4", 250 * MEGABYTE)

    with Watch(studio.worker_pid) as watch:
        reply = upload(studio, browser, video)

    assert reply.startswith(b"HTTP/1.1 303")
    assert b"Location: /portraits/" in reply
    assert watch.most - watch.before < MOST_GROWTH
    wait_until_nothing_is_under_way(studio)


def test_a_video_of_300_mb_is_refused_at_its_field_and_leaves_nothing(
    studio: Installation, tmp_path: Path
) -> None:
    browser = Browser(studio.port)
    browser.sign_in()
    video = large_video(tmp_path / "large.mp4", 300 * MEGABYTE)
    before = stored_files(studio)

    reply = upload(studio, browser, video).decode()

    assert reply.startswith("HTTP/1.1 413")
    assert "The video file has 300 MB. At most 250 MB are accepted." in reply
    assert stored_files(studio) == before


def test_a_strangers_200_mb_are_answered_before_they_are_sent(studio: Installation) -> None:
    chunk, sent = bytes(64 * 1024), 0
    with socket.create_connection(("127.0.0.1", studio.port)) as line:
        # what the kernels hold for us is not read by the server: as little as they allow
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
        head = f"POST /portraits/new HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        line.sendall(f"{head}Content-Length: {200 * MEGABYTE}\r\n\r\n".encode())
        line.settimeout(10)
        line.sendall(file_head("video", "a.mp4"))
        answer = b""
        while b"</html>" not in answer and (more := line.recv(65536)):
            answer += more
        line.setblocking(False)
        end = time.monotonic() + 10
        while time.monotonic() < end and sent < 200 * MEGABYTE:
            try:
                sent += line.send(chunk)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break

    assert answer.startswith(b"HTTP/1.1 401")
    assert b"Please sign in first." in answer
    assert sent < 200 * MEGABYTE


def test_what_is_too_large_is_answered_in_words(studio: Installation) -> None:
    browser = Browser(studio.port)
    browser.sign_in()
    head = file_head("video", "a.mp4")

    reply = send(studio, browser.cookie, [head, bytes(32 * 1024)], 400 * MEGABYTE)

    assert reply.startswith(b"HTTP/1.1 413")
    assert b"This is too large." in reply


def test_the_first_start_prints_where_to_make_the_admin(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.flask("db", "upgrade")
    installation.start()
    try:
        printed = (tmp_path / "server.log").read_text()
    finally:
        installation.stop()

    found = re.search(rf"{re.escape(installation.url)}(/setup\?token=[0-9a-f]+)", printed)
    assert found
