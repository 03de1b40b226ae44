"""Servers that may be killed at any moment, and clients who insist."""

import base64
import http.client
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from flask import Flask

from tests.servers.browser import Browser
from tests.servers.test_uploads import BOUNDARY, file_head, part
from tests.servers.vertex_server import ROOT, Installation

QUIET = 240  # s in which a server must be back, and all that is left be done

_T = TypeVar("_T")


@dataclass
class Group:
    """A server with all its processes, killed as a power cut kills it."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@dataclass
class Client:
    """Uploads one portrait after the other, and tries again until each is acknowledged."""

    port: int
    name: str
    picture: bytes
    films: list[bytes]
    acknowledged: list[UUID] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    sending: bool = False  # a request with a file is under way
    pausing: bool = False  # more is to be done already than will be soon

    def run(self) -> None:
        olga = Browser(self.port)
        self.insist(olga.sign_in)
        number = 0
        while not self.ending.is_set():
            if self.pausing:
                self.ending.wait(0.1)
                continue
            number += 1
            once = self.insist(lambda: olga.hidden("/portraits/new", "once"))
            by_pieces = number % 2 == 0
            found = self.insist(lambda: self.upload(olga, once, number, by_pieces))  # noqa: B023
            self.acknowledged.append(found)

    def insist(self, attempt: Callable[[], _T]) -> _T:
        """Try until the server has answered, however often it dies meanwhile."""
        end = time.monotonic() + QUIET
        while True:
            try:
                return attempt()
            except (OSError, http.client.HTTPException, AssertionError):
                assert time.monotonic() < end, "the server never came back"
                time.sleep(0.05)

    def upload(self, olga: Browser, once: str, number: int, by_pieces: bool) -> UUID:
        token = olga.hidden("/portraits/new", "csrf_token")
        words = {"csrf_token": token, "once": once, "client": self.name}
        words["phone"] = f"+7916{number:03}{self.name[-1]}567"
        film = self.films[number % len(self.films)]
        upload = self._send_pieces(olga, token, film) if by_pieces else None
        if upload is not None:
            words["video_upload"] = upload
        body = b"".join(part(name, value) for name, value in words.items())
        body += file_head("portrait", "a.jpg") + self.picture + b"\r\n"
        if upload is None:
            body += file_head("video", "a.mov") + film + b"\r\n"
        body += f"--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        with self._sends():
            status, text, headers = olga.ask("POST", "/portraits/new", body, kind)
        # 409: it was stored, and only the answer was lost
        assert status in (303, 409), (status, text)
        found = re.search(r"/portraits/([0-9a-f-]{36})", headers.get("Location") or text)
        assert found, text
        return UUID(found.group(1))

    @contextmanager
    def _sends(self) -> Iterator[None]:
        self.sending = True
        try:
            yield
        finally:
            self.sending = False

    def _send_pieces(self, olga: Browser, token: str, film: bytes) -> str:
        tus = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token, "Cookie": olga.cookie}
        size = len(film)
        named = base64.b64encode(b"a.mov").decode()
        begin = {"Upload-Length": str(size), "Upload-Metadata": f"filename {named}"}
        place = self.insist(lambda: self._tus("POST", "/uploads", {**tus, **begin}, 201))
        url = place["Location"]
        while (
            at := int(self.insist(lambda: self._tus("HEAD", url, tus, 200))["Upload-Offset"])
        ) < size:
            piece = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            try:
                with self._sends():
                    self._tus("PATCH", url, {**tus, **piece}, 204, film[at : at + size // 3 + 1])
            except (OSError, http.client.HTTPException, AssertionError):
                time.sleep(0.05)
        return str(url.rpartition("/")[2])

    def _tus(
        self, method: str, url: str, headers: dict[str, str], status: int, body: bytes | None = None
    ) -> http.client.HTTPMessage:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, url, body, headers)
            reply = connection.getresponse()
            reply.read()
        finally:
            connection.close()
        assert reply.status == status, reply.status
        return reply.headers


@dataclass
class Plant:
    """An installation with the processes that may die, and an app that looks at what it holds."""

    studio: Installation
    groups: list[Group]
    app: Flask

    def start(self) -> None:
        for group in self.groups:
            group.start()
