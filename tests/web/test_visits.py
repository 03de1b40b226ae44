"""What pages tell of their visits, as strangers send it."""

import json
import re
from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.browser.states import APPS
from tests.conftest import MakeApp
from tests.factories import make_order, make_portrait, make_public_code
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


@pytest.mark.parametrize(("app", "system"), APPS, ids=lambda word: word)
def test_people_in_the_browser_of_an_app_are(vertex_app: Flask, app: str, system: str) -> None:
    code = make_public_code().code
    agent = {"User-Agent": APPS[app, system]}

    vertex_app.test_client().post(f"/v/{code}/events", data=json.dumps(TOLD), headers=agent)

    assert count() == 1


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


NOTHING = "Scans, but nothing found"


def told_by(app: Flask, code: str, *visits: Mapping[str, object]) -> None:
    for number, told in enumerate(visits):
        data = json.dumps({"visit": f"{number:032x}", **told})
        app.test_client().post(f"/v/{code}/events", data=data)


def funnel_on(page: TestResponse) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd><meter[^>]*>(\d+)</meter>", page.text)
    return {text: int(number) for text, number in found}


@pytest.mark.parametrize("page", ["portrait", "order"])
def test_the_staff_see_how_far_they_came(vertex_app: Flask, olga: Staff, page: str) -> None:
    order = make_order()
    portrait = make_portrait(order_id=order.id)
    code = make_public_code(portrait_id=portrait.id).code
    make_public_code(order_id=order.id)
    seen = {"camera": True, "found": 1000, "watched": 9000, "sound": True}
    told_by(vertex_app, code, {}, {"fallback": "asked"}, {"camera": True}, seen)

    reply = olga.get(f"/portraits/{portrait.id}" if page == "portrait" else f"/orders/{order.id}")

    assert funnel_on(reply) == {
        "Page opened": 4, "Camera allowed": 2, "Print recognised": 1, "Video watched": 1,
        "With sound": 1,
    }  # fmt: skip
    assert "Watched without the camera: 1." in reply.text
    assert NOTHING not in reply.text


@pytest.mark.parametrize(("cameras", "said"), [(2, False), (3, True)])
def test_both_pages_say_when_nothing_is_found(
    vertex_app: Flask, olga: Staff, cameras: int, said: bool
) -> None:
    order = make_order()
    portrait = make_portrait(order_id=order.id)
    code = make_public_code(portrait_id=portrait.id).code
    make_public_code(order_id=order.id)
    told_by(vertex_app, code, *[{"camera": True}] * cameras)

    pages = [olga.get(url).text for url in (f"/portraits/{portrait.id}", f"/orders/{order.id}")]

    assert [NOTHING in page for page in pages] == [said, said]
