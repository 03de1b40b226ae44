"""A line that breaks in the middle of a piece, at a server that lives on: what arrived stays."""

import hashlib
import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.browser import Browser
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

SIZE = 12 * 1024**2
HALF = SIZE // 2
PATIENCE = 30  # s


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    instance = tmp_path_factory.mktemp("studio") / "instance"
    instance.mkdir()
    installation = Installation(instance)
    installation.flask("db", "upgrade")
    installation.make_admin("olga", PASSWORD)
    installation.start()
    try:
        yield installation
    finally:
        installation.stop()


@dataclass
class Sender:
    """Somebody who sends a file piece by piece."""

    port: int
    headers: dict[str, str]
    place: str = ""

    def begin(self) -> None:
        announced = {"Upload-Length": str(SIZE), "Upload-Metadata": "filename YS5tcDQ="}
        self.place = self.ask("POST", "/uploads", announced)[1]["Location"]

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request(method, path, body, {**self.headers, **headers})
        reply = line.getresponse()
        content = reply.read()
        line.close()
        return reply.status, reply.headers, content

    def append(self, offset: int, body: bytes) -> tuple[int, bytes]:
        status, _, content = self.ask("PATCH", self.place, piece(offset), body)
        return status, content

    def begin_piece(self, offset: int, announced: int, body: bytes) -> socket.socket:
        """Announce more than is sent, and give the line that is still open."""
        line = socket.create_connection(("127.0.0.1", self.port))
        named = {**self.headers, **piece(offset), "Content-Length": str(announced)}
        words = [f"PATCH {self.place} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        words += [f"{name}: {value}" for name, value in named.items()]
        line.sendall("\r\n".join([*words, "", ""]).encode() + body)
        return line

    @property
    def offset(self) -> int:
        """How much the server says it has."""
        return int(self.ask("HEAD", self.place, {})[1]["Upload-Offset"])


@pytest.fixture
def sender(studio: Installation) -> Sender:
    olga = Browser(studio.port)
    olga.sign_in()
    token = olga.hidden("/portraits/new", "csrf_token")
    headers = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token, "Cookie": olga.cookie}
    headers["Accept"] = "application/problem+json"
    found = Sender(studio.port, headers)
    found.begin()
    return found


def piece(offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}


def file_of(studio: Installation, sender: Sender) -> Path:
    return studio.instance / "uploads" / f"{sender.place.rpartition('/')[2]}.part"


def wait_until_here(studio: Installation, sender: Sender, size: int) -> None:
    end = time.monotonic() + PATIENCE
    while file_of(studio, sender).stat().st_size < size:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_arrived_before_the_line_broke_is_not_sent_again(
    studio: Installation, sender: Sender
) -> None:
    film = os.urandom(SIZE)

    sender.begin_piece(0, SIZE, film[:HALF]).close()
    wait_until_here(studio, sender, HALF)
    here = sender.offset
    status, _ = sender.append(here, film[here:])

    assert here == HALF
    assert (status, sender.offset) == (204, SIZE)
    whole = hashlib.sha256(file_of(studio, sender).read_bytes()).digest()
    assert whole == hashlib.sha256(film).digest()


def test_a_second_line_is_refused_while_the_first_is_at_it(
    studio: Installation, sender: Sender
) -> None:
    film = os.urandom(SIZE)

    with sender.begin_piece(0, SIZE, film[:HALF]) as first:
        wait_until_here(studio, sender, HALF // 2)
        status, content = sender.append(0, film[:1000])
        first.sendall(film[HALF:])
        answer = first.recv(1000)

    assert (status, json.loads(content)["code"]) == (409, "upload_busy")
    assert answer.startswith(b"HTTP/1.1 204")
    assert file_of(studio, sender).read_bytes() == film
