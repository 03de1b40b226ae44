"""What pages tell of their visits, as strangers send it."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import MakeApp
from tests.factories import make_public_code
from tests.web.staff import Staff
from vertex.extensions import db
from vertex.models import Visit

TOLD = {"visit": "0123456789abcdef" * 2, "camera": True, "found": 900}


def count() -> int:
    return db.session.scalar(select(func.count(Visit.id))) or 0


def test_is_noted_and_sets_no_cookie(vertex_app: Flask) -> None:
    code = make_public_code().code

    reply = vertex_app.test_client().post(f"/v/{code}/events", data=json.dumps(TOLD))

    assert (reply.status_code, reply.data, count()) == (204, b"", 1)
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 1000, b'"' + b"x" * 2000])
def test_nonsense_is_answered_alike(vertex_app: Flask, body: bytes) -> None:
    code = make_public_code().code

    reply = vertex_app.test_client().post(f"/v/{code}/events", data=body)

    assert (reply.status_code, count()) == (204, 0)


def test_more_than_a_page_tells_is_not_read(vertex_app: Flask) -> None:
    code = make_public_code().code
    told = {**TOLD, "more": "x" * 2000}

    vertex_app.test_client().post(f"/v/{code}/events", data=json.dumps(told))

    assert count() == 0


@pytest.mark.parametrize("code", ["0000000000", "nonsense", "%00"])
def test_unknown_codes_are_answered_alike(vertex_app: Flask, code: str) -> None:
    reply = vertex_app.test_client().post(f"/v/{code}/events", data=json.dumps(TOLD))

    assert (reply.status_code, count()) == (204, 0)


def test_bots_are_not_counted(vertex_app: Flask) -> None:
    code = make_public_code().code
    agent = {"User-Agent": "TelegramBot (like TwitterBot)"}

    vertex_app.test_client().post(f"/v/{code}/events", data=json.dumps(TOLD), headers=agent)

    assert count() == 0


def test_staff_who_look_are_not_counted(vertex_app: Flask, olga: Staff) -> None:
    olga.client.post(f"/v/{make_public_code().code}/events", data=json.dumps(TOLD))

    assert count() == 0


def test_there_is_a_limit(make_app: MakeApp) -> None:
    app = make_app(events_limit="3 per minute")
    with app.app_context():
        code = make_public_code().code
        told = [json.dumps({**TOLD, "visit": f"{n:032x}"}) for n in range(5)]
        replies = [app.test_client().post(f"/v/{code}/events", data=one) for one in told]

        assert [reply.status_code for reply in replies] == [204, 204, 204, 429, 429]
        assert count() == 3
