"""A real nginx before a real installation, with the configuration that ships."""

import shutil
import subprocess
import time
from pathlib import Path

from tests.servers.presence import lacking
from tests.servers.vertex_server import Installation, free_port

_AROUND = """
user root;
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {around}
    {own}
}}
"""


class Nginx:
    """One server before one installation."""

    def __init__(
        self, studio: Installation, folder: Path, *, more: str = "", around: str = ""
    ) -> None:
        if shutil.which("nginx") is None:
            lacking("nginx")
        self.port, self._more, self._around = free_port(), more, around
        self._studio, self._folder = studio, folder
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with what `flask media nginx` prints, and wait until it answers."""
        self._folder.mkdir()
        options = ["--listen", f"127.0.0.1:{self.port}", "--port", str(self._studio.port)]
        own = self._studio.flask("media", "nginx", *options)
        if self._more:
            own = own.replace("    location / {", f"    {self._more}\n    location / {{", 1)
        conf = self._folder / "nginx.conf"
        conf.write_text(_AROUND.format(folder=self._folder, around=self._around, own=own))
        with (self._folder / "output").open("wb") as output:
            self._server = subprocess.Popen(
                ["nginx", "-c", conf, "-p", self._folder, "-e", self._folder / "error.log"],
                stdout=output,
                stderr=output,
            )
        for _ in range(100):
            if (self._folder / "pid").exists():
                return
            time.sleep(0.05)
        raise RuntimeError((self._folder / "output").read_text())

    def stop(self) -> None:
        """Stop it."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(20)

    def troubles(self) -> str:
        """What it complained of."""
        return (self._folder / "error.log").read_text()
