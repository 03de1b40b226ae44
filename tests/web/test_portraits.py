"""The pages of portraits, as the staff use them: upload, page, files and bin."""

import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.factories import make_client, make_portrait, make_public_code, make_video
from tests.media import samples
from tests.media.refusals import hollow, playlist
from tests.media.samples import AAC, H264, PICTURES, TONE, encoded, photo
from tests.services.intake_parts import files_of, good_picture, rows_of
from tests.web.staff import Staff, sign_in
from vertex.extensions import db
from vertex.models import AuditEntry, Client, Portrait, PortraitStatus, Recognisable, Video, utcnow
from vertex.services import portraits, public_codes, videos

NEW = {"client": "Анна Семёнова", "phone": "+7 916 123-45-67"}


@pytest.fixture(scope="module")
def good_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples.plain_video(tmp_path_factory.mktemp("video") / "v.mp4").read_bytes()


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    return good_picture().read()


def upload(staff: Staff, picture: bytes | None, film: bytes | None, **given: Any) -> TestResponse:
    form: dict[str, Any] = {**NEW, "once": staff.once("/portraits/new"), **given}
    for field, content, name in (
        ("portrait", picture, "anna.jpg"),
        ("video", film, "anna.mp4"),
    ):
        if content is not None:
            form.setdefault(field, file(content, name))
    return staff.post("/portraits/new", form, target="portrait_form")


def file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def error_of(reply: TestResponse, field: str) -> str:
    found = re.search(rf'<p class="wrong" id="{field}_error">(.*?)</p>', reply.text, re.DOTALL)
    assert found, reply.text
    return found.group(1)


class TestUpload:
    def test_stores_everything_and_leads_to_its_page(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        reply = upload(pavel, jpeg, good_video)

        portrait = db.session.scalars(select(Portrait)).one()
        assert reply.headers["HX-Redirect"] == f"/portraits/{portrait.id}"
        assert portrait.client.name == "Анна Семёнова"
        assert (portrait.status, portrait.recognisable) == (PortraitStatus.READY, Recognisable.YES)
        assert videos.active_for(portrait.id)
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.actor == f"user:{pavel.user.id}")
        ).all()
        assert all(entry.ip == "127.0.0.1" and entry.request_id for entry in entries)

    def test_works_without_scripts(self, pavel: Staff, jpeg: bytes, good_video: bytes) -> None:
        form = {**NEW, "once": pavel.once("/portraits/new")}
        files = {"portrait": file(jpeg, "a.jpg"), "video": file(good_video, "a.mp4")}

        reply = pavel.post("/portraits/new", {**form, **files})

        assert reply.status_code == 303
        assert "The marker is being made" in pavel.get(reply.headers["Location"]).text

    def test_takes_a_client_there_is(self, pavel: Staff, jpeg: bytes, good_video: bytes) -> None:
        client = make_client(name="Anna")

        upload(pavel, jpeg, good_video, client="", phone="", client_id=str(client.id))

        assert db.session.scalars(select(Portrait.client_id)).one() == client.id

    def test_the_same_phone_and_name_is_the_same_client(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        client = make_client(name="Анна Семёнова", phone="+79161234567")

        upload(pavel, jpeg, good_video, client="анна  семенова")

        assert db.session.scalars(select(Client.id)).all() == [client.id]

    def test_the_phone_of_somebody_else_is_told(
        self, vertex_app: Flask, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        make_client(name="Boris", phone="+79161234567")
        before = rows_of(vertex_app)

        reply = upload(pavel, jpeg, good_video)

        assert reply.status_code == 409
        assert "belongs to Boris" in error_of(reply, "phone")
        assert (rows_of(vertex_app), files_of(vertex_app)) == (before, [])

    def test_everything_that_is_missing_is_told_at_once(
        self, vertex_app: Flask, pavel: Staff
    ) -> None:
        before = rows_of(vertex_app)

        reply = upload(pavel, None, None, client="", phone="")

        assert reply.status_code == 422
        assert "Please enter the client" in error_of(reply, "client")
        assert "is not a phone number" in error_of(reply, "phone")
        assert error_of(reply, "portrait") == "Please choose a picture."
        assert error_of(reply, "video") == "Please choose a video."
        assert (rows_of(vertex_app), files_of(vertex_app)) == (before, [])

    def test_the_same_form_is_carried_out_once(
        self, vertex_app: Flask, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        once = pavel.once("/portraits/new")
        upload(pavel, jpeg, good_video, once=once)
        before = (rows_of(vertex_app), files_of(vertex_app))

        reply = upload(pavel, jpeg, good_video, once=once)

        assert reply.status_code == 409
        assert "Nothing was saved twice" in reply.text
        assert (rows_of(vertex_app), files_of(vertex_app)) == before

    def test_the_same_form_sent_at_once_is_carried_out_once(
        self, vertex_app: Flask, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        once, statuses = pavel.once("/portraits/new"), []
        browsers = [pavel, sign_in(vertex_app, pavel.user)]

        def send(staff: Staff) -> None:
            form = {**NEW, "once": once}
            files = {"portrait": file(jpeg, "a.jpg"), "video": file(good_video, "a.mp4")}
            statuses.append(staff.post("/portraits/new", {**form, **files}).status_code)

        threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        db.session.rollback()
        portrait = db.session.scalars(select(Portrait)).one()
        assert sorted(statuses) == [303, 409]
        assert all(
            str(portrait.id) in path.parts or str(videos.active_for(portrait.id).id) in path.parts  # type: ignore[union-attr]
            for path in files_of(vertex_app)
        )

    def test_a_name_of_300_characters_and_one_with_markup_do_no_harm(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        upload(
            pavel,
            None,
            None,
            portrait=file(jpeg, "я" * 296 + ".jpg"),
            video=file(good_video, "<img src=x onerror=alert(1)>.mp4"),
        )

        portrait = db.session.scalars(select(Portrait)).one()
        page = pavel.get(f"/portraits/{portrait.id}").text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def of_picture(content: Callable[[], bytes], name: str = "anna.jpg") -> Callable[[Path], Any]:
    return lambda _folder: file(content(), name)


def of_file(make: Callable[[Path], Path], name: str = "anna.mp4") -> Callable[[Path], Any]:
    return lambda folder: file(make(folder / "made.mp4").read_bytes(), name)


def made(*options: str, suffix: str = ".mp4") -> Callable[[Path], Path]:
    return lambda path: samples.video(path.with_name("made" + suffix), *options)


# what is sent, in which field, and what is said there
REFUSED = {
    "HTML named .jpg": (
        of_picture(lambda: b"<!doctype html><script>alert(1)</script>"), "portrait",
        "A picture in HTML cannot be used",
    ),
    "SVG": (
        of_picture(lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"), "portrait",
        "A picture in SVG cannot be used",
    ),
    "truncated JPEG": (
        of_picture(lambda: encoded(photo())[:20_000]), "portrait", "The picture file is damaged",
    ),
    "1-pixel PNG": (
        of_picture(lambda: encoded(Image.new("RGB", (1, 1)), "PNG"), "a.png"), "portrait",
        "The picture has 1 × 1 px",
    ),
    "decompression bomb": (
        of_picture(lambda: encoded(Image.new("1", (20_000, 20_000)), "PNG"), "a.png"), "portrait",
        "The picture has 400 megapixels",
    ),
    "animated GIF": (
        of_picture(
            lambda: encoded(photo(), "GIF", save_all=True, append_images=[photo().rotate(90)]),
            "a.gif",
        ),
        "portrait", "A picture in GIF cannot be used",
    ),
    "HEIC": (
        of_picture(lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "a.heic"),
        "portrait", "A picture in HEIC cannot be used",
    ),
    "MP4 in the photo's field": (
        of_file(made(*PICTURES, *H264), "anna.jpg"), "portrait", "A picture in MP4 cannot be used",
    ),
    "empty picture": (of_picture(lambda: b""), "portrait", "The picture file is empty"),
    "playlist renamed .mp4": (
        of_file(playlist), "video", "A video in playlist (M3U) cannot be used",
    ),
    "audio-only MP4": (
        of_file(made(*TONE, *AAC)), "video", "The file has sound but no video",
    ),
    "unusual codec": (
        of_file(made(*PICTURES, "-c:v", "ffv1", suffix=".mkv"), "anna.mkv"),
        "video", "Video coded as FFV1 cannot be used",
    ),
    "AVI": (
        of_file(made(*PICTURES, *H264, suffix=".avi"), "anna.avi"), "video",
        "A video in AVI cannot be used",
    ),
    "picture in the video's field": (
        of_picture(lambda: encoded(photo()), "anna.mp4"), "video",
        "A video in JPEG cannot be used",
    ),
    "empty video": (of_picture(lambda: b"", "anna.mp4"), "video", "The video file is empty"),
    "damaged video": (of_file(hollow), "video", "The video file is damaged"),
    "two pictures": (
        lambda _folder: [file(encoded(photo()), "a.jpg"), file(encoded(photo()), "b.jpg")],
        "portrait", "Please choose one picture only.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_at_its_field_and_leaves_nothing(
    vertex_app: Flask, pavel: Staff, jpeg: bytes, good_video: bytes, tmp_path: Path, case: str
) -> None:
    make, field, sentence = REFUSED[case]
    before = rows_of(vertex_app)
    fine = {"portrait": file(jpeg, "a.jpg"), "video": file(good_video, "a.mp4")}

    reply = upload(pavel, None, None, **{**fine, field: make(tmp_path)})

    assert reply.status_code == 422
    assert reply.text.lstrip().startswith('<form id="portrait_form"')
    assert sentence in error_of(reply, field)
    assert case in ("two pictures", "damaged video") or "Accepted:" in error_of(reply, field)
    assert NEW["client"] in reply.text
    assert (rows_of(vertex_app), files_of(vertex_app)) == (before, [])


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(lambda: encoded(photo().convert("L").convert("I;16"), "PNG"), id="16-bit PNG"),
        pytest.param(lambda: encoded(photo().convert("CMYK")), id="CMYK JPEG"),
    ],
)
def test_what_can_be_converted_is_accepted(
    pavel: Staff, good_video: bytes, picture: Callable[[], bytes]
) -> None:
    reply = upload(pavel, picture(), good_video)

    assert reply.status_code == 200
    portrait = db.session.scalars(select(Portrait)).one()
    preview = pavel.get(f"/portraits/{portrait.id}/preview")
    assert Image.open(io.BytesIO(preview.data)).mode in ("RGB", "L")


class TestPage:
    def test_shows_code_and_link_and_history(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        upload(pavel, jpeg, good_video)
        portrait_id = db.session.scalars(select(Portrait.id)).one()
        code = public_codes.of_portrait(portrait_id)

        page = pavel.get(f"/portraits/{portrait_id}").text

        assert f"http://localhost:8000/v/{code}" in page
        assert f"/v/{code}/qr.svg" in page
        assert "Portrait uploaded: anna.jpg" in page
        assert "Video uploaded: anna.mp4" in page
        assert "Marker made" in page

    def test_the_marker_asks_again_until_it_is_made(self, pavel: Staff) -> None:
        portrait = make_portrait(status=PortraitStatus.PROCESSING, marker_key=None)
        make_public_code(portrait_id=portrait.id)
        url = f"/portraits/{portrait.id}"

        working = pavel.get(url, target="marker_state")
        with_marker = make_portrait()
        make_public_code(portrait_id=with_marker.id)
        ended = pavel.get(f"/portraits/{with_marker.id}", target="marker_state")

        assert 'hx-trigger="load delay:1s, poll"' in working.text
        assert "hx-get" not in ended.text
        assert "portraits-changed" in ended.headers["HX-Trigger"]

    def test_a_marker_that_takes_long_is_asked_for_less_often(self, pavel: Staff) -> None:
        begun = utcnow() - timedelta(minutes=1)
        portrait = make_portrait(status=PortraitStatus.PROCESSING, updated_at=begun)
        make_public_code(portrait_id=portrait.id)

        page = pavel.get(f"/portraits/{portrait.id}", target="marker_state").text

        assert 'hx-trigger="load delay:5s, poll"' in page

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ({"status": PortraitStatus.FAILED, "marker_key": None}, "could not be made"),
            ({"recognisable": Recognisable.NO, "marker_key": None}, "too little to recognise"),
            ({}, "The camera recognises this print"),
        ],
    )
    def test_says_what_became_of_the_marker(
        self, pavel: Staff, state: dict[str, Any], sentence: str
    ) -> None:
        portrait = make_portrait(**state)
        make_public_code(portrait_id=portrait.id)

        assert sentence in pavel.get(f"/portraits/{portrait.id}").text

    def test_another_video_plays_from_now_on(
        self, pavel: Staff, jpeg: bytes, good_video: bytes, tmp_path: Path
    ) -> None:
        upload(pavel, jpeg, good_video)
        portrait_id = db.session.scalars(select(Portrait.id)).one()
        before = videos.active_for(portrait_id)
        other = samples.video(tmp_path / "b.mp4", *PICTURES, *H264).read_bytes()
        once = pavel.once(f"/portraits/{portrait_id}")

        reply = pavel.post(
            f"/portraits/{portrait_id}/video",
            {"video": file(other, "b.mp4"), "once": once},
            target="video_form",
        )

        after = videos.active_for(portrait_id)
        assert reply.headers["HX-Redirect"] == f"/portraits/{portrait_id}"
        assert before
        assert after
        assert after.id != before.id
        assert pavel.get(f"/portraits/{portrait_id}/film").status_code == 200

    def test_a_refused_video_leaves_the_one_there_is(
        self, vertex_app: Flask, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        upload(pavel, jpeg, good_video)
        portrait_id = db.session.scalars(select(Portrait.id)).one()
        once = pavel.once(f"/portraits/{portrait_id}")
        before = (rows_of(vertex_app), files_of(vertex_app))

        reply = pavel.post(
            f"/portraits/{portrait_id}/video",
            {"video": file(jpeg, "b.mp4"), "once": once},
            target="video_form",
        )

        assert reply.status_code == 422
        assert reply.text.lstrip().startswith('<form id="video_form"')
        assert "A video in JPEG cannot be used" in error_of(reply, "video")
        assert (rows_of(vertex_app), files_of(vertex_app)) == before

    def test_its_files_are_the_stored_ones(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        upload(pavel, jpeg, good_video)
        portrait = db.session.scalars(select(Portrait)).one()
        base = f"/portraits/{portrait.id}"

        original = pavel.get(f"{base}/original")

        assert original.data == jpeg
        assert original.headers["Content-Disposition"].startswith("attachment")
        for part in ("preview", "marker-preview", "poster"):
            assert pavel.get(f"{base}/{part}").content_type == "image/jpeg"
        assert pavel.get(f"{base}/film").content_type == "video/mp4"


class TestBin:
    def test_a_portrait_goes_and_comes_back(
        self, pavel: Staff, jpeg: bytes, good_video: bytes
    ) -> None:
        upload(pavel, jpeg, good_video)
        portrait_id = db.session.scalars(select(Portrait.id)).one()
        code = public_codes.of_portrait(portrait_id)

        gone = pavel.post(f"/portraits/{portrait_id}/delete")
        page = pavel.get("/portraits").text
        customer = pavel.client.get(f"/v/{code}").status_code
        back = pavel.post(f"/portraits/{portrait_id}/restore", target="toasts")

        assert gone.status_code == 303
        assert f"/portraits/{portrait_id}/restore" in page
        assert f"/portraits/{portrait_id}/preview" not in page
        assert customer == 404
        assert "portraits-changed" in back.headers["HX-Trigger"]
        assert pavel.client.get(f"/v/{code}").status_code == 200
        assert portraits.get(portrait_id)

    def test_stays_there_while_its_client_lies_in_the_bin(self, pavel: Staff) -> None:
        portrait = make_portrait()
        pavel.post(f"/portraits/{portrait.id}/delete")
        pavel.post(f"/clients/{portrait.client_id}/delete")

        reply = pavel.post(f"/portraits/{portrait.id}/restore")

        assert reply.status_code == 409
        assert "out of the bin first" in reply.text


def test_more_adds_the_next_cards(pavel: Staff) -> None:
    made_ids = [str(make_portrait().id) for _ in range(30)]

    first = pavel.get("/portraits").text
    more = re.search(r'hx-get="(/portraits\?after=[^"]*)"', first)
    assert more
    rest = pavel.get(more.group(1), target="portrait_more").text

    shown = re.findall(r'id="portrait_([0-9a-f-]{36})"', first + rest)
    assert shown == made_ids[::-1]
    assert "hx-get" not in rest


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_printed_code_is_that_of_the_page(vertex_app: Flask, kind: str) -> None:
    code = make_public_code().code

    reply = vertex_app.test_client().get(f"/v/{code.lower()}/qr.{kind}")

    assert reply.status_code == 200
    if kind == "svg":
        assert reply.content_type.startswith("image/svg+xml")
        assert b"<svg" in reply.data
        return
    picture = np.asarray(Image.open(io.BytesIO(reply.data)).convert("L"))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == f"http://localhost:8000/v/{code}"


def test_a_video_of_a_portrait_that_is_gone_is_not_found(pavel: Staff) -> None:
    reply = pavel.post("/portraits/00000000-0000-7000-8000-000000000000/video")

    assert reply.status_code == 404
    assert db.session.scalars(select(Video)).all() == []


def test_the_frame_that_stands_up_is_there_in_development_only(
    vertex_app: Flask, make_app: Callable[..., Flask]
) -> None:
    code = make_public_code(portrait_id=make_portrait().id).code

    assert vertex_app.test_client().get(f"/v/{code}/standing").status_code == 404


def test_a_film_that_is_to_play_once_plays_once_on_the_page(
    pavel: Staff, browser: FlaskClient
) -> None:
    video = make_video()
    code = make_public_code(portrait_id=video.portrait_id).code
    address = f"/portraits/{video.portrait_id}/videos/{video.id}"
    form = {"fit": "cover", "transparency": "none"}

    def loops() -> bool:
        found = re.search(r'"loop": ?(true|false)', browser.get(f"/v/{code}").text)
        assert found
        return found[1] == "true"

    before = loops()
    assert pavel.post(address, form).status_code == 303
    once = loops()
    assert pavel.post(address, {**form, "loop": "y"}).status_code == 303

    assert (before, once, loops()) == (True, False, True)


@pytest.mark.parametrize("page", ["portraits", "clients", "orders"])
def test_the_bin_says_how_long_it_keeps_things(pavel: Staff, page: str) -> None:
    said = "What has lain here for 30 days is erased for good."

    assert said in pavel.get(f"/{page}?bin=1").text
    assert said not in pavel.get(f"/{page}").text
