"""Stored files over HTTP: whole, in part, or not at all."""

import io
from collections.abc import Iterator
from email.message import Message
from urllib.request import urlopen
from uuid import UUID

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.conftest import IsolatedClient, MakeSettings, add_open_view
from tests.servers.ceph import Ceph
from vertex import create_app
from vertex.extensions import db
from vertex.runtime import runtime
from vertex.storage import file_key
from vertex.web.files import REVALIDATE, send_stored

CONTENT = bytes(range(256)) * 1000
SIZE = len(CONTENT)
OWNER = UUID("0190c5a0-0000-7000-8000-000000000001")
KEY = file_key("videos", OWNER, io.BytesIO(CONTENT), "mp4")
ETAG = f'"{KEY[-36:-4]}"'


@pytest.fixture
def browser(make_settings: MakeSettings) -> Iterator[FlaskClient]:
    """A browser of an app that offers its stored files at /files/."""
    app: Flask = create_app(make_settings())
    app.test_client_class = IsolatedClient

    def file(key: str) -> Response:
        return send_stored(runtime().storage, key)

    def current(key: str) -> Response:
        return send_stored(runtime().storage, key, cache=REVALIDATE)

    add_open_view(app, "/files/<path:key>", file)
    add_open_view(app, "/now/<path:key>", current)
    with app.app_context():
        runtime().storage.put(KEY, io.BytesIO(CONTENT), content_type="video/mp4")
        yield app.test_client()
        db.engine.dispose()


def test_sends_the_whole_file(browser: FlaskClient) -> None:
    reply = browser.get(f"/files/{KEY}")

    assert (reply.status_code, reply.data) == (200, CONTENT)
    assert reply.headers["Content-Type"] == "video/mp4"
    assert reply.headers["Content-Length"] == str(SIZE)
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["ETag"] == ETAG
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Last-Modified" not in reply.headers


def test_what_may_change_is_asked_for_again(browser: FlaskClient) -> None:
    assert browser.get(f"/now/{KEY}").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=1000-70999", 1000, 70999),
        ("bytes=255999-", SIZE - 1, SIZE - 1),
        ("bytes=100-99999999", 100, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=-99999999", 0, SIZE - 1),
    ],
)
def test_sends_the_part_asked_for(browser: FlaskClient, asked: str, first: int, last: int) -> None:
    reply = browser.get(f"/files/{KEY}", headers={"Range": asked})

    assert (reply.status_code, reply.data) == (206, CONTENT[first : last + 1])
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert reply.headers["Content-Length"] == str(last - first + 1)
    assert (reply.headers["ETag"], reply.headers["Content-Type"]) == (ETAG, "video/mp4")


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999999-", "bytes=-0"])
def test_refuses_a_part_there_is_not(browser: FlaskClient, asked: str) -> None:
    reply = browser.get(f"/files/{KEY}", headers={"Range": asked})

    assert (reply.status_code, reply.data) == (416, b"")
    assert reply.headers["Content-Range"] == f"bytes */{SIZE}"
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=-", "bytes=5-2", "bytes=a-b", "items=0-5", "bytes=0-1,5-6", "bytes=٣-٤"],
)
def test_ignores_what_a_server_may_ignore(browser: FlaskClient, asked: str) -> None:
    reply = browser.get(f"/files/{KEY}", headers={"Range": asked})

    assert (reply.status_code, len(reply.data)) == (200, SIZE)


@pytest.mark.parametrize(
    ("version", "status"),
    [
        (ETAG, 206),
        ('"another"', 200),
        (f"W/{ETAG}", 200),
        ("Sun, 22 Nov 2026 21:00:00 GMT", 200),
    ],
)
def test_sends_a_part_only_of_the_version_meant(
    browser: FlaskClient, version: str, status: int
) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": version}

    assert browser.get(f"/files/{KEY}", headers=headers).status_code == status


@pytest.mark.parametrize("known", [ETAG, f"W/{ETAG}", f'"another", {ETAG}', "*"])
def test_does_not_send_what_the_browser_has(browser: FlaskClient, known: str) -> None:
    headers = {"If-None-Match": known, "Range": "bytes=0-9"}

    reply = browser.get(f"/files/{KEY}", headers=headers)

    assert (reply.status_code, reply.data) == (304, b"")
    assert reply.headers["ETag"] == ETAG
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_sends_what_the_browser_has_of_another_version(browser: FlaskClient) -> None:
    reply = browser.get(f"/files/{KEY}", headers={"If-None-Match": '"another"'})

    assert reply.status_code == 200


def test_head_tells_all_but_the_content(browser: FlaskClient) -> None:
    reply = browser.head(f"/files/{KEY}", headers={"Range": "bytes=0-9"})

    assert (reply.status_code, reply.data) == (200, b"")
    assert reply.headers["Content-Length"] == str(SIZE)
    assert reply.headers["ETag"] == ETAG


def test_a_missing_file_is_not_found(browser: FlaskClient) -> None:
    missing = file_key("videos", OWNER, io.BytesIO(b"other"), "mp4")

    for ask in (browser.get, browser.head):
        assert ask(f"/files/{missing}").status_code == 404


def test_the_parts_of_a_video_make_the_whole(browser: FlaskClient) -> None:
    parts = []
    for start in range(0, SIZE, 70_001):
        reply = browser.get(
            f"/files/{KEY}", headers={"Range": f"bytes={start}-{start + 70_000}", "If-Range": ETAG}
        )
        parts.append(reply.data)

    assert b"".join(parts) == CONTENT


def test_types_carry_no_charset(browser: FlaskClient) -> None:
    message = Message()
    message["Content-Type"] = browser.get(f"/files/{KEY}").headers["Content-Type"]

    assert message.get_param("charset") is None


@pytest.mark.xdist_group("ceph")
def test_by_setting_browsers_are_sent_to_the_bucket(
    make_settings: MakeSettings, ceph: Ceph
) -> None:
    app = create_app(make_settings(**ceph.settings(), delivery="redirect"))
    app.test_client_class = IsolatedClient
    add_open_view(app, "/files/<path:key>", lambda key: send_stored(runtime().storage, key))
    with app.app_context():
        runtime().storage.initialise("http://localhost")
        runtime().storage.put(KEY, io.BytesIO(CONTENT), content_type="video/mp4")

        reply = app.test_client().get(f"/files/{KEY}")

        assert reply.status_code == 302
        with urlopen(reply.headers["Location"], timeout=10) as answer:  # noqa: S310 - our own http address
            assert answer.read() == CONTENT
            assert answer.headers["Content-Type"] == "video/mp4"
        db.engine.dispose()


@pytest.mark.xdist_group("ceph")
def test_a_bucket_that_is_away_is_said_and_no_secret_is_shown(make_settings: MakeSettings) -> None:
    away = {"storage": "s3", "s3_bucket": "gone", "s3_endpoint": "http://127.0.0.1:9"}
    keys = {"s3_access_key": "known", "s3_secret_key": "unknown"}
    app = create_app(make_settings(**away, **keys))
    app.test_client_class = IsolatedClient
    add_open_view(app, "/files/<path:key>", lambda key: send_stored(runtime().storage, key))
    with app.app_context():
        reply = app.test_client().get(f"/files/{KEY}")
        health = app.test_client().get("/health/storage")

        assert reply.status_code == 503
        assert "The service is not available right now." in reply.text
        assert "127.0.0.1" not in reply.text
        assert health.status_code == 503
        db.engine.dispose()


def test_nginx_sends_the_parts_in_the_middle_too(make_settings: MakeSettings) -> None:
    app = create_app(make_settings(delivery="nginx", trusted_proxies=1))
    app.test_client_class = IsolatedClient
    add_open_view(app, "/files/<path:key>", lambda key: send_stored(runtime().storage, key))
    with app.app_context():
        runtime().storage.put(KEY, io.BytesIO(CONTENT), content_type="video/mp4")
        browser = app.test_client()

        middle = browser.get(f"/files/{KEY}", headers={"Range": "bytes=1000-"})
        behind = browser.get(f"/files/{KEY}", headers={"Range": f"bytes={SIZE}-"})
        db.engine.dispose()

    assert middle.headers["X-Accel-Redirect"] == f"/_media/local/{KEY}"
    assert "Cache-Control" not in middle.headers or "immutable" not in str(middle.headers)
    assert behind.status_code == 416
