"""A real installation with a real server, as `make run` would start it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@dataclass
class Installation:
    """An instance folder of its own, the commands that work on it, and its server."""

    instance: Path
    port: int = field(default_factory=lambda: free_port())
    settings: dict[str, str] = field(default_factory=dict)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *arguments: str, typed: str | None = None) -> str:
        """Run a flask command and return what it printed."""
        done = subprocess.run(
            [BIN / "flask", *arguments],
            cwd=ROOT,
            env=self.environment(),
            input=typed,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def make_admin(self, username: str, password: str) -> None:
        """Make an account that may do everything."""
        email = f"{username}@example.com"
        options = ["--username", username, "--email", email, "--role", "admin"]
        self.flask("users", "create", *options, "--password-stdin", typed=password)

    @property
    def worker_pid(self) -> int:
        """The process that answers requests."""
        if self._server is None:
            raise RuntimeError("the server is not running")
        master = self._server.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return int(children[0])

    def import_portrait(self, portrait: Path, video: Path) -> dict[str, Any]:
        """Import a portrait with its video and return the line of JSON."""
        arguments = ["--client", "Anna", "--phone", "+79161234567"]
        arguments += ["--portrait", str(portrait), "--video", str(video)]
        printed = self.flask("portraits", "import", *arguments)
        summary: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return summary

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.instance / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [BIN / "gunicorn", "wsgi:app"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        raise RuntimeError((self.instance / "server.log").read_text()[-2000:])

    def stop(self) -> None:
        """Stop the server that start() began."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(30)

    def kill(self) -> None:
        """End the server that start() began as a power cut would."""
        if self._server is not None:
            worker = self.worker_pid
            self._server.kill()
            self._server.wait()
            os.kill(worker, signal.SIGKILL)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == 200)
        except OSError:
            return False

    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("VERTEX_")}
        return own | {
            "VERTEX_INSTANCE": str(self.instance),
            "VERTEX_PUBLIC_URL": self.url,
            "PORT": str(self.port),
            **self.settings,
        }


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
