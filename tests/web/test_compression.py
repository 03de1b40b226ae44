"""Small on the way: brotli and gzip, ahead of time and at once, and each only for who takes it."""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID

import brotli
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import make_portrait, make_public_code, make_video
from tests.pictures import astronaut, jpeg
from vertex.recogniser import build_marker
from vertex.runtime import runtime
from vertex.storage import file_key
from vertex.web import packing
from vertex.web.compression import source_of
from vertex.web.static import FOLDER

NAME = "ar/viewer.css"
CONTENT = (FOLDER / NAME).read_bytes()
DECODE = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
def browser(vertex_app: Flask) -> FlaskClient:
    return vertex_app.test_client()


@pytest.fixture
def address(vertex_app: Flask) -> str:
    with vertex_app.test_request_context():
        return url_for("static", filename=NAME)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None),
        ("identity", None), ("br;q=0.1, gzip;q=0.9", "gzip"), ("*", "br"), ("gzip;q=0", None),
    ],
)  # fmt: skip
def test_in_the_encoding_the_asker_takes(
    browser: FlaskClient, address: str, accepted: str, expected: str | None
) -> None:
    reply = browser.get(address, headers={"Accept-Encoding": accepted})

    assert reply.headers.get("Content-Encoding") == expected
    assert DECODE[expected](reply.data) == CONTENT
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.content_type == "text/css; charset=utf-8"
    assert expected is None or len(reply.data) < len(CONTENT) / 2


def test_each_encoding_has_its_own_name(browser: FlaskClient, address: str) -> None:
    tags = {
        browser.get(address, headers={"Accept-Encoding": name}).headers["ETag"]
        for name in ("br", "gzip", "identity")
    }
    again = browser.get(
        address, headers={"Accept-Encoding": "br", "If-None-Match": ", ".join(tags)}
    )

    assert len(tags) == 3
    assert (again.status_code, again.data) == (304, b"")


def test_head_and_parts(browser: FlaskClient, address: str) -> None:
    both = {"Accept-Encoding": "br"}
    head = browser.head(address, headers=both)
    part = browser.get(address, headers={**both, "Range": "bytes=0-9"})

    assert (head.status_code, head.data, head.headers["Content-Encoding"]) == (200, b"", "br")
    assert (part.status_code, part.data) == (206, CONTENT[:10])
    assert "Content-Encoding" not in part.headers


def test_pictures_are_left_as_they_are(browser: FlaskClient) -> None:
    reply = browser.get("/static/vendor/htmx-LICENSE.txt", headers={"Accept-Encoding": "br"})

    assert "Content-Encoding" not in reply.headers  # shorter than it is worth


def test_ahead_of_time_it_is_smaller_still(vertex_app: Flask, address: str) -> None:
    at_once = vertex_app.test_client().get(address, headers={"Accept-Encoding": "br"}).data
    old = Path(vertex_app.instance_path) / "static" / "0123456789ab"
    old.mkdir(parents=True)

    first = vertex_app.test_cli_runner().invoke(args=["static", "compress"])
    second = vertex_app.test_cli_runner().invoke(args=["static", "compress"])

    made = list((Path(vertex_app.instance_path) / "static").rglob("viewer.css.br"))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "already" in second.output
    assert len(made) == 1 and not old.exists()
    assert brotli.decompress(made[0].read_bytes()) == CONTENT
    assert len(made[0].read_bytes()) <= len(at_once)


def test_a_customers_page_is_smaller_and_the_staffs_is_not(browser: FlaskClient) -> None:
    portrait = make_portrait()
    make_video(portrait_id=portrait.id)
    code = make_public_code(portrait_id=portrait.id).code
    both = {"Accept-Encoding": "br, gzip"}

    page = browser.get(f"/v/{code}", headers=both)
    sign_in = browser.get("/login", headers=both)

    assert page.headers["Content-Encoding"] == "br"
    assert b"viewer-config" in brotli.decompress(page.data)
    assert page.content_length == len(page.data)
    assert "Content-Encoding" not in sign_in.headers


def test_a_marker_is_sent_smaller_and_smaller(vertex_app: Flask, browser: FlaskClient) -> None:
    marker = build_marker(jpeg(astronaut()))
    source = BytesIO(marker)
    key = file_key("markers", UUID(int=7 << 76 | 1 << 63), source, "vxm")
    runtime().storage.put(key, source, content_type="application/octet-stream")
    portrait = make_portrait(marker_key=key)
    make_video(portrait_id=portrait.id)
    code = make_public_code(portrait_id=portrait.id).code

    def sent(**headers: str) -> TestResponse:
        return browser.get(f"/v/{code}/marker", headers=headers)

    plain = sent()
    at_once = sent(**{"Accept-Encoding": "br, gzip"})
    tag = at_once.headers["ETag"]
    later = at_once
    for _ in range(100):
        later = sent(**{"Accept-Encoding": "br, gzip"})
        if len(later.data) < len(at_once.data):
            break
        time.sleep(0.1)

    assert plain.data == brotli.decompress(at_once.data) == brotli.decompress(later.data) == marker
    assert len(later.data) < len(at_once.data) < 0.9 * len(marker)
    assert plain.headers["ETag"] != tag == later.headers["ETag"]
    assert sent(**{"Accept-Encoding": "br", "If-None-Match": tag}).status_code == 304
    assert sent(**{"If-None-Match": tag}).status_code == 200


def test_where_nobody_compressed_ahead_the_server_does_after_the_first_visit(
    vertex_app: Flask, address: str
) -> None:
    folder = Path(vertex_app.instance_path) / "static"
    place = folder / address.split("/")[3] / f"{NAME}.br"

    vertex_app.test_client().get(address, headers={"Accept-Encoding": "br"})
    for _ in range(100):
        if place.exists():
            break
        time.sleep(0.1)

    assert brotli.decompress(place.read_bytes()) == CONTENT
    assert not list(folder.rglob("*.tmp"))
    report = vertex_app.test_cli_runner().invoke(args=["static", "compress"])
    assert report.output.startswith(tuple("123456789"))  # the others were still to do


def noise(name: str, length: int) -> bytes:
    return hashlib.shake_128(name.encode()).digest(length)


def noted(made: list[str], name: str) -> Callable[[], bytes]:
    """What makes the content of this name, and says so."""

    def make() -> bytes:
        made.append(name)
        return noise(name, 1000)

    return make


class TestPacker:
    def test_forgets_what_was_not_asked_for_longest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packing, "_MOST", 3000)
        packer = packing.Packer()
        made: list[str] = []

        for name in ("a", "b", "a", "c", "a", "b"):
            packer.packed(name, "gzip", noted(made, name))

        assert made == ["a", "b", "c", "b"]

    def test_what_was_packed_well_was_not_asked_for_by_that(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packing, "_MOST", 2500)
        packer = packing.Packer()
        waiting: list[Callable[[], None]] = []
        monkeypatch.setattr(packer, "_improve", waiting.append)
        made: list[str] = []

        for name in ("a", "b", "c"):  # the third takes the place of the first
            packer.packed(name, "gzip", noted(made, name))
        waiting[0]()
        for name in ("b", "c"):
            packer.packed(name, "gzip", noted(made, name))

        assert made == ["a", "b", "c"]

    def test_the_marker_of_a_large_album_is_not_packed_for_half_a_minute(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packing, "_TOO_LARGE", 100_000)
        packer = packing.Packer()
        large, small = noise("large", 200_000), CONTENT

        first = packer.packed("large", "br", lambda: large)
        packer.packed("small", "br", lambda: small)
        for _ in range(100):
            if len(packer.packed("small", "br", lambda: small)) == len(packing.pack(small, "br")):
                break
            time.sleep(0.05)

        assert packer.packed("large", "br", lambda: large) is first
        assert packing.pack(large, "br", quick=True) == first


@pytest.mark.parametrize(("given", "header"), [({}, "yes"), ({"kept_offline": True}, "films")])
def test_what_a_phone_may_keep(browser: FlaskClient, given: dict[str, bool], header: str) -> None:
    portrait = make_portrait(**given)
    make_video(portrait_id=portrait.id)
    code = make_public_code(portrait_id=portrait.id).code

    assert browser.get(f"/v/{code}").headers["X-Vertex-Keep"] == header


def test_the_recognisers_worker_lies_beneath_the_service_worker(
    browser: FlaskClient, vertex_app: Flask
) -> None:
    portrait = make_portrait()
    make_video(portrait_id=portrait.id)
    code = make_public_code(portrait_id=portrait.id).code
    page = browser.get(f"/v/{code}").text
    (address,) = re.findall(r'"worker": ?"([^"]+)"', page)

    worker, old = browser.get(address), browser.get("/v/r/0123456789ab/worker.js")

    assert address.startswith("/v/r/")
    assert worker.data == old.data == source_of(FOLDER / "ar/worker.js")
    assert "immutable" in worker.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == "no-cache"
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]
