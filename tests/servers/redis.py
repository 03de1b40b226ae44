"""A real Redis for the tests that ask for one: its own folder, a free loopback port."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

from tests.servers.presence import lacking
from tests.servers.vertex_server import free_port


@dataclass
class Redis:
    """A server that can be stopped and started again; it keeps nothing on disk."""

    folder: Path
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"bind": "127.0.0.1", "port": self.port, "save": "", "appendonly": "no"}
        options |= {"dir": self.folder, "logfile": self.folder / "redis.log"}
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        self._server = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        for _ in range(100):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "redis.log").read_text())

    def stop(self) -> None:
        """Stop it at once; what it held is lost."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def forget_all(self) -> None:
        """Lose every message."""
        with redis.Redis.from_url(self.url) as connection:
            connection.flushall()

    def keys(self) -> list[bytes]:
        """The names of all it holds."""
        with redis.Redis.from_url(self.url) as connection:
            return list(connection.scan_iter())

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1, retry=None) as connection:
                return bool(connection.ping())
        except redis.ConnectionError:
            return False


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of this test's own."""
    if shutil.which("redis-server") is None:
        lacking("redis-server")
    folder = tmp_path / "redis"
    folder.mkdir()
    server = Redis(folder)
    server.start()
    yield server
    server.stop()
