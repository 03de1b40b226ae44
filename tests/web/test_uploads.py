"""How much of a body is read, by whom it is sent, and what is left of it."""

import io
from pathlib import Path

import pytest
from flask import Flask, request

from tests.conftest import MakeApp
from tests.media import samples
from tests.services.intake_parts import files_of, good_picture, rows_of
from tests.web.staff import Staff, make_staff
from vertex.runtime import runtime

BOUNDARY = "a-boundary"
MEGABYTE = 1024**2


class Counting(io.RawIOBase):
    """A form with one endless file, which counts how much of it was read."""

    def __init__(self, field: str, length: int) -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="a.mp4"'
            "\r\nContent-Type: video/mp4\r\n\r\n"
        )
        self._left = iter([head.encode()])
        self._length = length
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = next(self._left, b"")
        if not part:
            part = bytes(min(len(buffer), self._length - self.read_bytes))
        buffer[: len(part)] = part
        self.read_bytes += len(part)
        return len(part)


def send(app: Flask, url: str, length: int, cookie: str | None = None) -> tuple[int, int, str]:
    """Status, how much was read, and the answer, of a POST with a file of this length."""
    body = Counting("video", length)
    client = app.test_client()
    if cookie:
        client.set_cookie("vertex_session", cookie)
    reply = client.post(
        url,
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(length)},
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    return reply.status_code, body.read_bytes, reply.text


@pytest.mark.parametrize(
    "url", ["/portraits/new", "/portraits/00000000-0000-7000-8000-000000000000/video", "/account"]
)
def test_nothing_is_read_of_what_a_stranger_sends(vertex_app: Flask, olga: Staff, url: str) -> None:
    status, read, text = send(vertex_app, url, 200 * MEGABYTE)

    assert (status, read) == (401, 0)
    assert "Please sign in first." in text


def test_nothing_is_read_of_what_is_too_large(vertex_app: Flask, pavel: Staff) -> None:
    cookie = pavel.client.get_cookie("vertex_session")
    assert cookie

    status, read, text = send(vertex_app, "/portraits/new", 1200 * MEGABYTE, cookie.value)

    assert (status, read) == (413, 0)
    assert "too large" in text


def test_only_views_that_take_files_take_much(vertex_app: Flask, pavel: Staff) -> None:
    cookie = pavel.client.get_cookie("vertex_session")
    assert cookie

    status, read, _ = send(vertex_app, "/clients/new", 3 * MEGABYTE, cookie.value)

    assert (status, read) == (413, 0)


@pytest.mark.parametrize(
    ("limits", "field", "sentence"),
    [
        ({"max_image_bytes": 10_000}, "portrait", "The picture file has 1 MB"),
        ({"max_video_bytes": 10_000}, "video", "The video file has 1 MB"),
        ({"max_image_pixels": 1000}, "portrait", "megapixels"),
    ],
)
def test_what_is_too_large_by_itself_is_told_at_its_field(
    make_app: MakeApp, tmp_path: Path, limits: dict[str, int], field: str, sentence: str
) -> None:
    app = make_app(**limits)
    with app.app_context():
        pavel = make_staff(app)
        before = rows_of(app)
        files = {
            "portrait": (good_picture(), "a.jpg"),
            "video": (samples.plain_video(tmp_path / "v.mp4").open("rb"), "a.mp4"),
        }
        words = {"client": "Anna", "phone": "+79161234567", "once": pavel.once("/portraits/new")}

        reply = pavel.post("/portraits/new", {**words, **files}, target="portrait_form")

        assert reply.status_code == (422 if "pixels" in sentence else 413)
        assert reply.text.lstrip().startswith('<form id="portrait_form"')
        assert sentence in reply.text.split(f'id="{field}_error"')[1]
        assert (rows_of(app), files_of(app)) == (before, [])


def test_an_upload_under_way_lies_nameless_on_the_disk_of_the_stored_files(
    vertex_app: Flask,
) -> None:
    root = runtime().settings.temporary_files
    form = {"video": (io.BytesIO(b"x" * 1000), "v.mp4")}

    with vertex_app.test_request_context("/portraits/new", method="POST", data=form):
        descriptor = request.files["video"].stream.fileno()
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        names = list(root.iterdir())

    assert place.parent == root
    assert names == []
