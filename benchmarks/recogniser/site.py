"""Serves the peers' pages, the bare page and our own timings, on this machine only."""

import re
import string
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import brotli

from vertex.recogniser.engine import PLAIN, SIMD

PAGES = Path(__file__).parent / "pages"
AFRAME = PAGES.parents[2] / "vertex" / "static" / "vendor" / "aframe-1.8.0.min.js"

_TYPES = {".html": "text/html", ".js": "text/javascript", ".jpg": "image/jpeg"}
_TYPES |= {".mp4": "video/mp4", ".wasm": "application/wasm"}


@dataclass(frozen=True)
class Site:
    """Where the pages are, and the folder of what was made for them (markers, pictures, film)."""

    url: str
    made: Path


@contextmanager
def served(made: Path, peers: dict[str, Path], *, small: bool = False) -> Iterator[Site]:
    """Serve while the block runs: what was made, and the peers' folders by their names.

    `small`: compressed as far as brotli can, as behind a server that was set up with care.
    """
    own = {"roots": {"pages": PAGES, **peers}, "made": made, "small": small}
    handler = type("Handler", (_Handler,), own)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        # AR.js looks for its markers elsewhere when the host has a dot in its name.
        yield Site(f"http://localhost:{server.server_port}", made)
    finally:
        server.shutdown()
        server.server_close()


def camera_parameters(width: int, height: int, focal: float) -> bytes:
    """ARToolKit's file of a lens without distortion, in its first version."""
    lens = [focal, 0, width / 2, 0, 0, focal, height / 2, 0, 0, 0, 1, 0]
    return struct.pack(">2i16d", width, height, *lens, width / 2, height / 2, 0, 1)


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return bytes(brotli.compress(body))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    roots: dict[str, Path]
    made: Path
    small: bool

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = self._file(address.path)
        if path is None or not path.is_file():
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        body = path.read_bytes()
        if path.suffix == ".html":
            page = string.Template(body.decode())
            body = page.safe_substitute(dict(parse_qsl(address.query))).encode()
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if part:
            first, last = int(part[1]), int(part[2] or len(body) - 1)
            span = {"Content-Range": f"bytes {first}-{last}/{len(body)}"}
            self._answer(HTTPStatus.PARTIAL_CONTENT, body[first : last + 1], kind, span)
        elif self.small and path.suffix not in (".jpg", ".mp4"):
            self._answer(HTTPStatus.OK, _packed(body), kind, {"Content-Encoding": "br"})
        else:
            self._answer(HTTPStatus.OK, body, kind)

    def do_POST(self) -> None:
        path = self._file(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if path is None or path.parent != self.made / "markers":
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        path.write_bytes(body)
        self._answer(HTTPStatus.OK, b"", "text/plain")

    def _file(self, path: str) -> Path | None:
        single = {"/aframe.js": AFRAME, "/simd.wasm": SIMD, "/plain.wasm": PLAIN}
        if path in single:
            return single[path]
        parts = path.strip("/").split("/")
        if ".." in parts:
            return None
        if parts[0] in self.roots:
            return self.roots[parts[0]].joinpath(*parts[1:])
        return self.made.joinpath(*parts)

    def _answer(
        self, status: HTTPStatus, body: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}
        headers |= {"Cache-Control": "no-store", "Accept-Ranges": "bytes"}
        if "/timing." in self.path:  # gives the page a finer clock
            headers |= {"Cross-Origin-Opener-Policy": "same-origin"}
            headers |= {"Cross-Origin-Embedder-Policy": "require-corp"}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # a browser that was closed meanwhile
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the requests are not what is measured."""
