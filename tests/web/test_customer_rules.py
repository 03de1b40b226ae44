"""The studio's rules, asked for at each request: page, marker, photo and video alike."""

import html
import io
import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.factories import make_order, make_portrait, make_public_code, make_video
from tests.pictures import astronaut, coffee, jpeg
from tests.web.staff import Staff
from vertex.extensions import db
from vertex.models import Order, Portrait, Video, utcnow
from vertex.recogniser import Recogniser, build_marker
from vertex.runtime import runtime
from vertex.services import pins
from vertex.services._transaction import atomic
from vertex.storage import file_key

TITLE = "Anna Secret"


def stored(area: str, content: bytes, extension: str, content_type: str) -> str:
    source = io.BytesIO(content)
    key = file_key(area, UUID(int=7 << 76 | 1 << 63), source, extension)
    runtime().storage.put(key, source, content_type=content_type)
    return key


def shown(picture: bytes = b"", **given: Any) -> tuple[Portrait, Video, str]:
    picture = picture or jpeg(astronaut())
    portrait = make_portrait(
        title=TITLE,
        preview_key=stored("previews", picture, "jpg", "image/jpeg"),
        marker_key=stored("markers", build_marker(picture), "vxm", "application/octet-stream"),
        **given,
    )
    video = make_video(
        portrait_id=portrait.id, file_key=stored("videos", bytes(5000), "mp4", "video/mp4")
    )
    return portrait, video, make_public_code(portrait_id=portrait.id).code


def parts(code: str, video: Video) -> dict[str, str]:
    base = f"/v/{code}"
    return {"page": base, "marker": f"{base}/marker", "photo": f"{base}/photo",
            "video": f"{base}/video/{video.id}"}  # fmt: skip


def statuses(browser: FlaskClient, code: str, video: Video) -> set[int]:
    return {browser.get(url).status_code for url in parts(code, video).values()}


@pytest.fixture
def browser(vertex_app: Flask) -> FlaskClient:
    return vertex_app.test_client()


@pytest.mark.parametrize(
    ("rule", "state", "status"),
    [
        ({"paused": True}, "paused", 403),
        ({"opens_at": utcnow() + timedelta(days=1)}, "later", 403),
        ({"closes_at": utcnow() - timedelta(days=1)}, "expired", 403),
        ({"deleted_at": utcnow()}, "deleted", 404),
    ],
)
def test_a_closed_one_says_so_and_gives_nothing(
    browser: FlaskClient, rule: dict[str, Any], state: str, status: int
) -> None:
    _, video, code = shown(**rule)

    page = browser.get(f"/v/{code}")

    assert statuses(browser, code, video) == {status}
    assert f'data-state="{state}"' in page.text
    assert TITLE not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_rule_holds_after_a_video_has_begun(browser: FlaskClient) -> None:
    portrait, video, code = shown()
    address = parts(code, video)["video"]
    assert browser.get(address, headers={"Range": "bytes=0-99"}).status_code == 206

    with atomic():
        portrait.paused = True

    assert browser.get(address, headers={"Range": "bytes=100-199"}).status_code == 403
    assert browser.get(address, headers={"If-None-Match": '"x"'}).status_code == 403


class TestPin:
    @pytest.fixture
    def locked(self, vertex_app: Flask) -> tuple[Video, str]:
        _, video, code = shown(pin_hash=pins.hash_of("2468"))
        return video, code

    def test_without_it_nothing_is_told(
        self, browser: FlaskClient, locked: tuple[Video, str]
    ) -> None:
        video, code = locked

        page = browser.get(f"/v/{code}")

        assert statuses(browser, code, video) == {403}
        assert 'data-state="pin"' in page.text
        assert TITLE not in page.text and "/photo" not in page.text

    def test_the_right_one_opens_all_of_this_code_for_half_a_day(
        self, browser: FlaskClient, locked: tuple[Video, str], vertex_app: Flask
    ) -> None:
        video, code = locked

        reply = browser.post(f"/v/{code.lower()}/pin", data={"pin": "2468"})
        cookie = reply.headers["Set-Cookie"]

        assert (reply.status_code, reply.headers["Location"]) == (303, f"/v/{code}")
        assert f"Path=/v/{code}" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
        assert "Max-Age=43200" in cookie and "2468" not in cookie
        assert statuses(browser, code, video) == {200}
        assert statuses(vertex_app.test_client(), code, video) == {403}

    def test_a_wrong_one_is_said_at_its_field(
        self, browser: FlaskClient, locked: tuple[Video, str]
    ) -> None:
        reply = browser.post(f"/v/{locked[1]}/pin", data={"pin": "1111"})

        assert reply.status_code == 422
        assert 'id="trouble"' in reply.text and "Set-Cookie" not in reply.headers

    def test_after_five_one_waits(self, browser: FlaskClient, locked: tuple[Video, str]) -> None:
        for _ in range(5):
            reply = browser.post(f"/v/{locked[1]}/pin", data={"pin": "1111"})

        assert reply.status_code == 429
        assert int(reply.headers["Retry-After"]) > 50

    def test_the_cookie_of_one_code_opens_no_other(
        self, browser: FlaskClient, locked: tuple[Video, str]
    ) -> None:
        other = make_public_code(portrait_id=make_portrait(pin_hash=pins.hash_of("2468")).id).code
        browser.post(f"/v/{locked[1]}/pin", data={"pin": "2468"})
        value = browser.get_cookie("vertex_pin", path=f"/v/{locked[1]}")
        assert value is not None
        browser.set_cookie("vertex_pin", value.value, path="/")

        assert browser.get(f"/v/{other}").status_code == 403

    @pytest.mark.parametrize("pin", ["2468", None])
    def test_a_phone_may_keep_nothing_that_it_protects(
        self, browser: FlaskClient, pin: str | None
    ) -> None:
        given = {"pin_hash": pins.hash_of(pin) if pin else None, "kept_offline": True}
        _, video, code = shown(**given)
        asked = browser.get(f"/v/{code}")
        browser.post(f"/v/{code}/pin", data={"pin": pin or ""})

        replies = {name: browser.get(url) for name, url in parts(code, video).items()}

        assert {reply.status_code for reply in replies.values()} == {200}
        kept = {name for name, reply in replies.items() if "X-Vertex-Keep" in reply.headers}
        assert kept == (set() if pin else set(replies))
        assert ('"keeper": null' in replies["page"].text) is bool(pin)
        assert ("X-Vertex-Keep" in asked.headers) is not bool(pin)


def test_a_code_typed_in_another_way_leads_to_the_page(browser: FlaskClient) -> None:
    _, _, code = shown()

    reply = browser.get(f"/v/{code[:5].lower()}-{code[5:].lower()}?lang=ru")

    assert (reply.status_code, reply.headers["Location"]) == (302, f"/v/{code}?lang=ru")


def test_the_language_can_be_chosen(browser: FlaskClient) -> None:
    _, _, code = shown()

    assert 'lang="ru"' in browser.get(f"/v/{code}?lang=ru").text.split(">")[1]
    assert 'lang="en"' in browser.get(f"/v/{code}?lang=xx").text.split(">")[1]


@pytest.mark.parametrize("allowed", [True, None])
def test_saving_is_for_the_studio_to_allow(browser: FlaskClient, allowed: bool | None) -> None:
    _, video, code = shown(downloads=allowed)
    page, address = browser.get(f"/v/{code}").text, parts(code, video)["video"]

    reply = browser.get(f"{address}?download=1")

    assert ("Save the video" in page) is bool(allowed)
    assert reply.status_code == (200 if allowed else 403)
    if allowed:
        assert reply.headers["Content-Disposition"] == f'attachment; filename="{code}.mp4"'


@pytest.mark.parametrize("allowed", [True, None])
def test_the_card_in_messengers_shows_the_photo_only_if_allowed(
    browser: FlaskClient, allowed: bool | None
) -> None:
    _, _, code = shown(card_photo=allowed)

    page = browser.get(f"/v/{code}").text

    assert 'property="og:title"' in page
    found = re.search(r'og:image" content="http://localhost:8000(/[^"]+)"', page)
    assert bool(found) is bool(allowed)
    if found:
        assert browser.get(found[1]).content_type == "image/jpeg"


class TestAlbum:
    @pytest.fixture
    def album(self, vertex_app: Flask) -> tuple[Order, str]:
        order = make_order()
        for picture in (jpeg(astronaut()), jpeg(coffee())):
            shown(picture, order_id=order.id)
        return order, make_public_code(order_id=order.id).code

    def test_one_marker_recognises_each(
        self, browser: FlaskClient, album: tuple[Order, str]
    ) -> None:
        _, code = album
        page = browser.get(f"/v/{code}")
        address = re.search(rf'"(/v/{code}/marker\?v=[0-9a-f]+)"', page.text)
        assert page.status_code == 200 and address

        reply = browser.get(address[1])
        grey = astronaut().mean(axis=2).astype("uint8")
        found = Recogniser(reply.data).find(grey)

        assert "immutable" in reply.headers["Cache-Control"]
        assert [one.index for one in found] == [0]
        again = browser.get(address[1], headers={"If-None-Match": reply.headers["ETag"]})
        assert again.status_code == 304

    def test_a_phone_begins_with_a_light_marker(
        self, browser: FlaskClient, album: tuple[Order, str]
    ) -> None:
        _, code = album
        page = browser.get(f"/v/{code}").text
        viewer = json.loads(re.search(r'id="viewer-config">(.*?)</script>', page)[1])  # type: ignore[index]

        light = browser.get(viewer["marker"])
        fuller = [browser.get(address).data for address in viewer["fuller"]]
        found = Recogniser(light.data).find(coffee().mean(axis=2).astype("uint8"))

        assert len(light.data) < len(fuller[-1]) / 2
        assert [one.index for one in found] == [1]
        assert "immutable" in light.headers["Cache-Control"]
        assert fuller[-1] == browser.get(f"/v/{code}/marker").data
        for odd in ("-1", "99", "x"):  # of another version, or of nobody
            assert browser.get(f"/v/{code}/marker?grade={odd}").status_code == 200

    def test_its_strip_has_pictures_of_its_own_size(
        self, browser: FlaskClient, album: tuple[Order, str]
    ) -> None:
        _, code = album
        page = browser.get(f"/v/{code}").text
        strip = re.findall(rf'src="(/v/{code}/photo/[^"]+size=thumbnail[^"]*)"', page)

        pictures = [browser.get(html.unescape(address)) for address in strip]

        assert len(pictures) == 2
        for reply in pictures:
            assert "immutable" in reply.headers["Cache-Control"]
            assert reply.headers["X-Vertex-Keep"] == "yes"
            with Image.open(io.BytesIO(reply.data)) as picture:
                assert max(picture.size) == 144 and len(reply.data) < 8000

    def test_photos_and_videos_are_those_of_its_portraits(
        self, browser: FlaskClient, album: tuple[Order, str]
    ) -> None:
        _, code = album
        stranger, _, _ = shown()
        inside = db.session.query(Portrait).filter_by(order_id=album[0].id).all()

        assert [browser.get(f"/v/{code}/photo/{one.id}").status_code for one in inside] == [200] * 2
        assert browser.get(f"/v/{code}/photo/{stranger.id}").status_code == 404

    def test_an_empty_one_says_so(self, browser: FlaskClient) -> None:
        code = make_public_code(order_id=make_order().id).code

        assert browser.get(f"/v/{code}").status_code == 404
        assert browser.get(f"/v/{code}/marker").status_code == 404


VTT = "WEBVTT\n\n00:00.500 --> 00:02.000\nHello, Anna\n"


class TestCaptions:
    def send(self, staff: Staff, portrait: Portrait, video: Video, content: bytes) -> TestResponse:
        file = FileStorage(io.BytesIO(content), filename="words.vtt")
        address = f"/portraits/{portrait.id}/videos/{video.id}/captions"
        return staff.post(address, {"captions": file, "language": "en"})

    def test_are_sent_with_the_video_and_under_its_rules(self, olga: Staff) -> None:
        portrait, video, code = shown()

        reply = self.send(olga, portrait, video, b"\xef\xbb\xbf" + VTT.encode())
        address = f"/v/{code}/captions/{video.id}"
        found = olga.client.get(address)

        assert (reply.status_code, found.text) == (303, VTT)
        assert found.content_type == "text/vtt; charset=utf-8"
        assert f'"captions": "{address}?v=' in olga.client.get(f"/v/{code}").text
        with atomic():
            portrait.paused = True
        assert olga.client.get(address).status_code == 403

    def test_can_be_replaced_and_taken_away(self, olga: Staff) -> None:
        portrait, video, code = shown()
        self.send(olga, portrait, video, VTT.encode())
        first = video.captions_key
        self.send(olga, portrait, video, VTT.replace("Anna", "Olga").encode())
        db.session.expire_all()
        assert first and video.captions_key != first and not runtime().storage.exists(first)

        olga.post(f"/portraits/{portrait.id}/videos/{video.id}/captions/delete")

        db.session.expire_all()
        assert video.captions_key is None
        assert olga.client.get(f"/v/{code}/captions/{video.id}").status_code == 404

    @pytest.mark.parametrize(
        "content",
        [b"", b"1\n00:00:01,000 --> 00:00:02,000\nsrt", b"WEBVTT\n\nno times", b"\xff\xfe",
         b"WEBVTTX\n\n00:00.000 --> 00:01.000\nx", VTT.encode() + b"x" * 300_000],
    )  # fmt: skip
    def test_of_another_kind_are_refused_and_leave_nothing(
        self, olga: Staff, content: bytes
    ) -> None:
        portrait, video, _ = shown()

        reply = self.send(olga, portrait, video, content)

        assert reply.status_code == 422
        assert re.search(r'id="captions_error">[^<]+<', reply.text)
        db.session.expire_all()
        assert video.captions_key is None
        assert not list(runtime().settings.media_root.rglob("*.vtt"))


class TestStaffForm:
    def test_sets_the_rules(self, olga: Staff) -> None:
        portrait, _, code = shown()
        form = {"pin": "2468", "opens_at": "2030-01-01T10:00", "closes_at": "", "paused": "y",
                "playing": "turn"}  # fmt: skip

        reply = olga.post(f"/portraits/{portrait.id}/rules", form)

        db.session.expire_all()
        assert reply.status_code == 303
        assert portrait.opens_at is not None and portrait.opens_at.year == 2030
        assert portrait.paused and portrait.playing == "turn" and portrait.downloads is None
        assert olga.client.get(f"/v/{code}").status_code == 403

    @pytest.mark.parametrize(
        ("field", "value"), [("pin", "12"), ("opens_at", "soon"), ("playing", "x")]
    )
    def test_a_wrong_value_is_said_at_its_field(self, olga: Staff, field: str, value: str) -> None:
        portrait, _, _ = shown()

        reply = olga.post(f"/portraits/{portrait.id}/rules", {"playing": "turn", field: value})

        assert reply.status_code == 422
        found = re.search(rf'id="{field}_error">([^<]+)<', reply.text)
        assert found and found[1].strip()
        db.session.expire_all()
        assert portrait.playing == "chosen"
