"""Files sent piece by piece (tus 1.0): what has arrived stays, and is used once."""

import base64
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.factories import make_portrait, make_public_code
from tests.media import samples
from tests.services.intake_parts import files_of, good_picture, rows_of
from tests.web.staff import Staff, make_staff
from vertex.extensions import db
from vertex.models import Portrait, Upload, Video, VideoStatus
from vertex.runtime import runtime
from vertex.services import uploads
from vertex.services._transaction import atomic

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture(scope="module")
def good_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples.plain_video(tmp_path_factory.mktemp("video") / "v.mp4").read_bytes()


def create(staff: Staff, size: int, name: str = "film.mp4") -> str:
    """Begin an upload; its address."""
    coded = base64.b64encode(name.encode()).decode()
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {coded}"}
    reply = send(staff, "POST", "/uploads", headers)
    assert reply.status_code == 201, reply.text
    return reply.headers["Location"]


def send(
    staff: Staff, method: str, url: str, headers: dict[str, str], data: bytes = b""
) -> TestResponse:
    headers = {**headers, "X-CSRFToken": staff.token}
    return staff.client.open(url, method=method, headers=headers, data=data)


def append(staff: Staff, url: str, offset: int, data: bytes) -> TestResponse:
    return send(staff, "PATCH", url, {**PIECE, "Upload-Offset": str(offset)}, data)


def offset(staff: Staff, url: str) -> int:
    return int(send(staff, "HEAD", url, TUS).headers["Upload-Offset"])


def stored(staff: Staff, content: bytes) -> str:
    """Send a file completely; the id of its upload."""
    url = create(staff, len(content))
    assert append(staff, url, 0, content).status_code == 204
    return url.rpartition("/")[2]


def portrait_with_code() -> Portrait:
    portrait = make_portrait()
    make_public_code(portrait_id=portrait.id)
    return portrait


def parts() -> list[Path]:
    folder = runtime().settings.unfinished_uploads
    return sorted(folder.iterdir()) if folder.is_dir() else []


class TestProtocol:
    def test_pieces_follow_each_other(self, pavel: Staff) -> None:
        url = create(pavel, 10)

        first = append(pavel, url, 0, b"01234")
        second = append(pavel, url, 5, b"56789")

        assert (first.status_code, first.headers["Upload-Offset"]) == (204, "5")
        assert (second.status_code, second.headers["Upload-Offset"]) == (204, "10")
        assert parts()[0].read_bytes() == b"0123456789"

    def test_how_much_is_here_is_told(self, pavel: Staff) -> None:
        url = create(pavel, 10)
        append(pavel, url, 0, b"0123")

        reply = send(pavel, "HEAD", url, TUS)

        assert reply.headers["Upload-Offset"] == "4"
        assert reply.headers["Upload-Length"] == "10"
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Tus-Resumable"] == "1.0.0"

    def test_what_does_not_follow_is_refused(self, pavel: Staff) -> None:
        url = create(pavel, 10)
        append(pavel, url, 0, b"0123")

        assert append(pavel, url, 2, b"xx").status_code == 409
        assert append(pavel, url, 6, b"xx").status_code == 409
        assert offset(pavel, url) == 4

    def test_more_than_was_announced_is_refused(self, pavel: Staff) -> None:
        url = create(pavel, 4)

        assert append(pavel, url, 0, b"01234").status_code == 422
        assert offset(pavel, url) == 0

    def test_is_removed_when_it_is_given_up(self, pavel: Staff) -> None:
        url = create(pavel, 4)

        assert send(pavel, "DELETE", url, TUS).status_code == 204

        assert send(pavel, "HEAD", url, TUS).status_code == 404
        assert parts() == []
        assert db.session.scalars(select(Upload)).all() == []

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Upload-Length": "10"}, 412),
            ({"Upload-Length": "10", "Tus-Resumable": "0.2.2"}, 412),
            ({**TUS}, 400),
            ({**TUS, "Upload-Length": "-1"}, 400),
            ({**TUS, "Upload-Length": "ten"}, 400),
            ({**TUS, "Upload-Length": "٣"}, 400),
            ({**TUS, "Upload-Length": "0"}, 422),
            ({**TUS, "Upload-Length": str(1024**3 + 1)}, 413),
            ({**TUS, "Upload-Length": "10", "Upload-Metadata": "filename ***"}, 400),
            ({**TUS, "Upload-Length": "10", "Upload-Metadata": "filename /w=="}, 400),
        ],
    )
    def test_what_cannot_be_begun_leaves_nothing(
        self, pavel: Staff, headers: dict[str, str], status: int
    ) -> None:
        reply = send(pavel, "POST", "/uploads", headers)

        assert reply.status_code == status
        assert db.session.scalars(select(Upload)).all() == []
        assert parts() == []

    def test_a_piece_says_what_it_is(self, pavel: Staff) -> None:
        url = create(pavel, 4)

        reply = send(pavel, "PATCH", url, {**TUS, "Upload-Offset": "0"}, b"0123")

        assert reply.status_code == 415

    def test_says_what_it_speaks(self, pavel: Staff) -> None:
        reply = send(pavel, "OPTIONS", "/uploads", {})

        assert reply.headers["Tus-Version"] == "1.0.0"
        assert reply.headers["Tus-Extension"] == "creation,termination,expiration"
        assert reply.headers["Tus-Max-Size"] == str(1024**3)

    def test_refusals_are_problems_where_the_client_reads_them(self, pavel: Staff) -> None:
        headers = {**TUS, "Upload-Length": str(2 * 1024**3), "Accept": "application/problem+json"}

        reply = send(pavel, "POST", "/uploads", headers)

        assert reply.json is not None
        assert "The video file has 2048 MB" in reply.json["title"]


class TestWhoMay:
    def test_nobody_sees_anothers(self, pavel: Staff, olga: Staff) -> None:
        url = create(pavel, 10)

        assert send(olga, "HEAD", url, TUS).status_code == 404
        assert append(olga, url, 0, b"x").status_code == 404
        assert send(olga, "DELETE", url, TUS).status_code == 404
        assert offset(pavel, url) == 0

    def test_a_stranger_is_refused_before_a_byte_is_read(
        self, vertex_app: Flask, pavel: Staff
    ) -> None:
        url = create(pavel, 10)

        reply = vertex_app.test_client().patch(url, headers=PIECE, data=b"0123")

        assert reply.status_code == 401
        assert offset(pavel, url) == 0

    def test_without_the_token_nothing_is_changed(self, pavel: Staff) -> None:
        url = create(pavel, 4)

        reply = pavel.client.patch(url, headers={**PIECE, "Upload-Offset": "0"}, data=b"0123")

        assert reply.status_code == 400
        assert offset(pavel, url) == 0


class TestForm:
    def test_takes_a_video_that_was_sent_before(self, pavel: Staff, good_video: bytes) -> None:
        upload = stored(pavel, good_video)
        form = {
            "client": "Anna",
            "phone": "+79161234567",
            "portrait": (good_picture(), "a.jpg"),
            "once": pavel.once("/portraits/new"),
            "video_upload": upload,
        }

        reply = pavel.post("/portraits/new", form)

        assert reply.status_code == 303
        video = db.session.scalars(select(Video)).one()
        assert video.status is VideoStatus.READY
        with runtime().storage.open(video.source_key) as source:
            assert source.read() == good_video
        assert parts() == []
        assert db.session.scalars(select(Upload)).all() == []

    def test_replaces_a_video_likewise(self, pavel: Staff, good_video: bytes) -> None:
        portrait = portrait_with_code()
        url = f"/portraits/{portrait.id}"
        form = {"once": pavel.once(url), "video_upload": stored(pavel, good_video)}

        reply = pavel.post(f"{url}/video", form)

        assert reply.status_code == 303
        assert db.session.scalars(select(Video)).one().portrait_id == portrait.id
        assert parts() == []

    def test_keeps_the_upload_while_something_else_is_wrong(
        self, pavel: Staff, good_video: bytes
    ) -> None:
        upload = stored(pavel, good_video)
        form = {
            "client": "Anna",
            "phone": "12",
            "portrait": (good_picture(), "a.jpg"),
            "once": pavel.once("/portraits/new"),
            "video_upload": upload,
        }

        reply = pavel.post("/portraits/new", form)

        assert reply.status_code == 422
        assert f'value="{upload}"' in reply.text
        assert len(parts()) == 1

    def test_forgets_what_cannot_be_used_and_says_why(
        self, vertex_app: Flask, pavel: Staff
    ) -> None:
        portrait = portrait_with_code()
        url = f"/portraits/{portrait.id}"
        upload = stored(pavel, b"a video, promised")
        before = rows_of(vertex_app)

        reply = pavel.post(
            f"{url}/video", {"once": pavel.once(url), "video_upload": upload}, target="video_form"
        )

        assert reply.status_code == 422
        assert "This file is not a video" in reply.text.split('id="video_error"')[1]
        assert f'value="{upload}"' not in reply.text
        assert parts() == []
        assert files_of(vertex_app) == []
        assert rows_of(vertex_app) == {k: v for k, v in before.items() if k != "uploads"}

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            (b"", "The video has not arrived completely."),
            (None, "The video that was sent is not here any more."),
        ],
    )
    def test_says_what_is_missing(self, pavel: Staff, sent: bytes | None, sentence: str) -> None:
        portrait = portrait_with_code()
        url = f"/portraits/{portrait.id}"
        upload = str(UUID(int=7)) if sent is None else create(pavel, 10).rpartition("/")[2]

        reply = pavel.post(
            f"{url}/video", {"once": pavel.once(url), "video_upload": upload}, target="video_form"
        )

        assert reply.status_code == 422
        assert sentence in reply.text.split('id="video_error"')[1]

    def test_does_not_take_anothers(self, pavel: Staff, olga: Staff, good_video: bytes) -> None:
        upload = stored(olga, good_video)
        portrait = portrait_with_code()
        url = f"/portraits/{portrait.id}"

        reply = pavel.post(f"{url}/video", {"once": pavel.once(url), "video_upload": upload})

        assert reply.status_code == 422
        assert len(parts()) == 1
        assert db.session.scalars(select(Video)).all() == []


class TestLife:
    def test_ends_after_a_day(self, pavel: Staff) -> None:
        url = create(pavel, 10)
        other = create(pavel, 10)
        upload = db.session.get_one(Upload, UUID(url.rpartition("/")[2]))
        with atomic():
            upload.expires_at = upload.created_at

        assert send(pavel, "HEAD", url, TUS).status_code == 404
        assert uploads.forget_old(runtime().settings.unfinished_uploads) == 1

        assert [path.stem for path in parts()] == [other.rpartition("/")[2]]

    def test_a_full_disk_is_told_at_once(self, make_app: MakeApp) -> None:
        app = make_app(max_video_bytes=10**17)
        with app.app_context():
            pavel = make_staff(app)

            headers = {**TUS, "Upload-Length": str(10**16), "Accept": "application/problem+json"}
            reply = send(pavel, "POST", "/uploads", headers)

            assert reply.status_code == 413
            assert reply.json is not None
            assert "There is no room for this file." in reply.json["title"]
            assert parts() == []
