"""The server's memory while a very large film comes in, piece by piece, and goes out."""

import http.client
import time
from pathlib import Path
from typing import Any

from tests.servers import ceph
from tests.servers.browser import Browser
from tests.servers.test_uploads import BOUNDARY, Watch, file_head, large_video, part
from tests.servers.vertex_server import Installation
from tests.services.intake_parts import good_picture
from tests.web.staff import PASSWORD

_MEGABYTE = 1024**2
_PIECE = 16 * _MEGABYTE
_Row = tuple[str, float, float, float]  # what, s, MB before, MB at most


def table(folder: Path, megabytes: int) -> str:
    """The table of memory, as Markdown."""
    rows = _measure(folder / "folder", {}, "a folder", megabytes)
    with ceph.running() as gateway:
        rows += _measure(folder / "bucket", gateway.settings(), "a bucket (Ceph)", megabytes)
    lines = [
        f"## Memory of the server while {megabytes} MB come and go",
        "",
        "Memory of the serving process that is its own (RssAnon), in MB: before, the most during, "
        "and by how much that is more. While a film comes in, its conversion begins in the same "
        "process.",
        "",
        "| what | s | before | most | more |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {what} | {s:.1f} | {a:.1f} | {b:.1f} | {b - a:.1f} |" for what, s, a, b in rows),
    ]
    return "\n".join([*lines, ""])


def _measure(folder: Path, given: dict[str, Any], store: str, megabytes: int) -> list[_Row]:
    (folder / "instance").mkdir(parents=True)
    studio = Installation(folder / "instance")
    studio.settings |= {f"VERTEX_{name.upper()}": str(value) for name, value in given.items()}
    studio.settings |= {"VERTEX_FILE_LIMIT": "100000 per minute"}
    studio.flask("db", "upgrade")
    studio.flask("media", "init")
    studio.make_admin("olga", PASSWORD)
    studio.start()
    try:
        return _upload_and_download(studio, folder, store, megabytes)
    finally:
        studio.stop()


def _upload_and_download(
    studio: Installation, folder: Path, store: str, megabytes: int
) -> list[_Row]:
    olga = Browser(studio.port)
    olga.sign_in()
    _upload(olga, large_video(folder / "small.mp4", 20 * _MEGABYTE))  # what is loaded once
    time.sleep(10)
    film = large_video(folder / "large.mp4", megabytes * _MEGABYTE)
    rows: list[_Row] = []
    began = time.monotonic()
    with Watch(studio.worker_pid) as watch:
        page = _upload(olga, film)
    rows.append((f"in, into {store}", time.monotonic() - began, *_megabytes(watch)))
    began = time.monotonic()
    with Watch(studio.worker_pid) as watch:
        _download(olga, f"{page}/source", megabytes * _MEGABYTE)
    taken = f"out of {store}, through the app"
    rows.append((taken, time.monotonic() - began, *_megabytes(watch)))
    return rows


def _megabytes(watch: Watch) -> tuple[float, float]:
    return watch.before / _MEGABYTE, watch.most / _MEGABYTE


def _upload(olga: Browser, film: Path) -> str:
    """Send a film piece by piece, then its form; the portrait's page."""
    token = olga.hidden("/portraits/new", "csrf_token")
    upload = _send(olga, token, film)
    words = {
        "csrf_token": token,
        "once": olga.hidden("/portraits/new", "once"),
        "client": "Anna",
        "phone": "+79161234567",
        "video_upload": upload,
    }
    body = b"".join(part(name, value) for name, value in words.items())
    body += file_head("portrait", "a.jpg") + good_picture().read() + b"\r\n"
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    status, text, headers = olga.ask(
        "POST", "/portraits/new", body + f"--{BOUNDARY}--\r\n".encode(), kind
    )
    if status != 303:
        raise RuntimeError(text)
    return str(headers["Location"])


def _send(olga: Browser, token: str, film: Path) -> str:
    tus = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token, "Cookie": olga.cookie}
    size = film.stat().st_size
    connection = http.client.HTTPConnection("127.0.0.1", olga.port, timeout=120)
    connection.request("POST", "/uploads", headers={**tus, "Upload-Length": str(size)})
    begun = connection.getresponse()
    begun.read()
    place = begun.headers["Location"]
    at = 0
    with film.open("rb") as file:
        while piece := file.read(_PIECE):
            here = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            connection.request("PATCH", place, piece, {**tus, **here})
            reply = connection.getresponse()
            reply.read()
            if reply.status != 204:
                raise RuntimeError(str(reply.status))
            at += len(piece)
    return str(place.rpartition("/")[2])


def _download(olga: Browser, path: str, size: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", olga.port, timeout=120)
    connection.request("GET", path, headers={"Cookie": olga.cookie})
    reply = connection.getresponse()
    taken = 0
    while content := reply.read(1 << 20):
        taken += len(content)
    if taken != size:
        raise RuntimeError(f"{taken} of {size} bytes")
