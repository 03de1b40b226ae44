"""Requests nobody's browser sends: each is answered, none breaks anything."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import make_client, make_order, make_portrait, make_public_code
from tests.services.intake_parts import files_of
from tests.web.staff import Staff, make_staff
from vertex.services import orders
from vertex.web.auth import safe_next

ODD = {
    "nul": "a\0b",
    "only nul": "\0",
    "surrogate bytes": "\udced\udca0\udc80",
    "bidi": "\u202egnp.exe",
    "emoji": "👩‍👩‍👧‍👦" * 30,
    "long": "x" * 100_000,
    "wildcards": "%_*\\\"'`;--",
    "number": "99999999999999999999999999",
    "markup": "<script>alert(1)</script>",
    "newlines": "a\r\nSet-Cookie: x=y\r\n\r\n",
    "format": "%(name)s %s {0} {{7*7}}",
    "list": "[]",
}


@pytest.fixture
def studio(make_app: MakeApp) -> Iterator[tuple[Flask, Staff]]:
    app = make_app(staff_limit="100000 per minute", upload_limit="100000 per minute",
                   sign_in_limit="100000 per minute")  # fmt: skip
    with app.app_context():
        yield app, make_staff(app)


def addresses(app: Flask, method: str) -> Iterator[str]:
    portrait = make_portrait()
    things = {
        "client_id": make_client().id,
        "portrait_id": portrait.id,
        "code": make_public_code(portrait_id=portrait.id).code,
        "filename": "icon.svg",
        "name": "counts",
    }
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()) and rule.rule != "/logout":
            values = {name: things.get(name, portrait.id) for name in rule.arguments}
            yield urls.build(rule.endpoint, values, method=method)


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_odd_values_break_nothing(studio: tuple[Flask, Staff], value: str) -> None:
    app, staff = studio
    names = ("q", "after", "bin", "name", "phone", "client", "client_id", "client_of", "email",
             "notes", "version", "once", "field", "next", "username", "password", "current", "new",
             "full_name", "locale", "token")  # fmt: skip
    clean = value.encode("utf-8", "replace").decode()

    for url in addresses(app, "GET"):
        for target in (None, "client_rows", "known_clients", "similar_clients"):
            headers = {"HX-Request": "true", "HX-Target": target} if target else {}
            reply = staff.client.get(
                url, query_string=dict.fromkeys(names, clean[:4000]), headers=headers
            )
            assert reply.status_code < 500, (url, target)
    for url in addresses(app, "POST"):
        reply = staff.post(url, dict.fromkeys(names, clean))
        assert reply.status_code < 500, url
        assert "<script>alert" not in reply.text
        assert "Set-Cookie" not in reply.headers.get("Location", "")
    assert not files_of(app)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na"),
        ("multipart/form-data; boundary=x", b"--x\r\nrubbish\r\n\r\n--x--"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
        ("application/x-www-form-urlencoded", b"name=%ff%fe&phone=%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(20_000))),
        ("application/json", b'{"name": "Anna"}'),
        ("text/plain", b"name=Anna"),
        ("", b"\xff\xfe"),
    ],
)
def test_odd_bodies_break_nothing(
    studio: tuple[Flask, Staff], content_type: str, body: bytes
) -> None:
    app, staff = studio

    for url in addresses(app, "POST"):
        for token in (staff.token, ""):
            reply = staff.client.post(
                url, data=body, content_type=content_type, headers={"X-CSRFToken": token}
            )
            assert 400 <= reply.status_code < 500 or reply.status_code in (200, 204, 303), url
    assert not files_of(app)


def test_many_parts_are_refused(studio: tuple[Flask, Staff]) -> None:
    app, staff = studio
    form: dict[str, Any] = {f"part{n}": (io.BytesIO(b"x"), "a.jpg") for n in range(1500)}

    reply = staff.post("/portraits/new", form)

    assert reply.status_code == 413
    assert not files_of(app)


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "/etc/passwd", "a\0.jpg", "", "con.jpg"])
def test_names_of_files_lead_nowhere(studio: tuple[Flask, Staff], name: str) -> None:
    app, staff = studio
    once = staff.once("/portraits/new")
    form = {"client": "A", "phone": "+12025550143", "once": once,
            "portrait": (io.BytesIO(b"x"), name), "video": (io.BytesIO(b"x"), name)}  # fmt: skip

    reply = staff.post("/portraits/new", form)

    assert reply.status_code == 422
    assert not files_of(app)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_answered(studio: tuple[Flask, Staff], method: str) -> None:
    app, staff = studio

    for url in addresses(app, "GET"):
        assert staff.client.open(url, method=method).status_code < 500


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("/clients?q=1", "/clients?q=1"), ("//evil.example", "/"), ("/\\evil.example", "/"),
     ("https://evil.example", "/"), ("/%09/evil.example", "/%09/evil.example"),
     ("/\t/evil.example", "/"), ("", "/"), (None, "/"), ("clients", "/")],
)  # fmt: skip
def test_after_signing_in_one_stays_here(
    vertex_app: Flask, asked: str | None, expected: str
) -> None:
    with vertex_app.test_request_context():
        assert safe_next(asked) == expected


@pytest.mark.parametrize("page", ["", "/order"])
@pytest.mark.parametrize("asked", ["endpoint=home.show", "_scheme=gopher", "_external=1", "code=x"])
def test_a_code_that_is_put_right_carries_nothing_along(
    studio: tuple[Flask, Staff], page: str, asked: str
) -> None:
    app, _ = studio
    code = orders.album_code(make_order().id)

    reply = app.test_client().get(f"/v/{code[:5]}-{code[5:]}{page}?{asked}&lang=ru&camera=no")

    assert reply.status_code == 302
    assert reply.headers["Location"] == f"/v/{code}{page}?lang=ru&camera=no"
