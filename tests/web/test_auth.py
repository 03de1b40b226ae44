"""Signing in and out, and the first admin of an empty installation."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.web.staff import PASSWORD, Staff, sign_in, token_of
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Role, Session, User
from vertex.services import first_start, sessions

FIRST = {"username": "olga", "email": "olga@example.com", "password": PASSWORD}


def set_up(browser: FlaskClient, query: str = "", **more: str) -> TestResponse:
    page = browser.get(f"/setup{query}")
    if page.status_code != 200:
        return page
    return browser.post("/setup", data={**FIRST, "csrf_token": token_of(page), **more})


def attempt(browser: FlaskClient, password: str, username: str = "olga") -> TestResponse:
    form = {"username": username, "password": password, "next": "/clients"}
    token = token_of(browser.get("/login"))
    return browser.post("/login", data={**form, "csrf_token": token})


class TestSetUp:
    def test_an_empty_installation_leads_to_it(self, browser: FlaskClient) -> None:
        assert browser.get("/login").headers["Location"] == "/setup"

    def test_makes_an_admin_who_is_signed_in(self, browser: FlaskClient) -> None:
        reply = set_up(browser)

        assert (reply.status_code, reply.headers["Location"]) == (303, "/")
        assert "Your studio is ready" in browser.get("/").text
        assert db.session.scalars(select(User.role)).all() == [Role.ADMIN]

    def test_is_over_when_there_is_an_account(self, vertex_app: Flask, olga: Staff) -> None:
        reply = vertex_app.test_client().get("/setup")

        assert reply.status_code == 403
        assert "has its administrator already" in reply.text

    def test_is_refused_from_elsewhere(self, vertex_app: Flask) -> None:
        elsewhere = {"REMOTE_ADDR": "192.0.2.9"}

        reply = vertex_app.test_client().get("/setup", environ_overrides=elsewhere)

        assert reply.status_code == 403
        assert "printed on its terminal" in reply.text

    def test_is_refused_through_a_proxy_nobody_told_us_of(self, browser: FlaskClient) -> None:
        reply = browser.get("/setup", headers={"X-Forwarded-For": "192.0.2.9"})

        assert reply.status_code == 403

    def test_is_open_from_elsewhere_with_the_token_of_the_terminal(self, vertex_app: Flask) -> None:
        token = first_start.token(str(vertex_app.secret_key))
        browser = vertex_app.test_client()
        browser.environ_base["REMOTE_ADDR"] = "192.0.2.9"

        reply = set_up(browser, f"?token={token}", token=token)

        assert reply.status_code == 303
        assert set_up(vertex_app.test_client(), f"?token={token}").status_code == 403

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("username", "", "Please enter a user name."),
            ("username", "Ольга", "Latin letters"),
            ("email", "olga", "is not an e-mail address"),
            ("password", "short", "at least 12 characters"),
            ("password", "aaaaaaaaaaaaaa", "too simple"),
        ],
    )
    def test_says_what_is_wrong_and_makes_nobody(
        self, browser: FlaskClient, field: str, value: str, sentence: str
    ) -> None:
        reply = set_up(browser, **{field: value})

        assert reply.status_code == 422
        assert sentence in error_of(reply, field)
        assert db.session.scalar(select(func.count(User.id))) == 0


class TestSignIn:
    def test_leads_to_where_one_wanted_to_go(self, vertex_app: Flask, olga: Staff) -> None:
        reply = attempt(vertex_app.test_client(), PASSWORD)

        assert (reply.status_code, reply.headers["Location"]) == (303, "/clients")

    def test_is_recorded_with_address_and_request(self, olga: Staff) -> None:
        query = select(AuditEntry).where(AuditEntry.action == AuditAction.USER_SIGNED_IN)

        entry = db.session.scalars(query).one()

        assert (entry.ip, entry.actor) == ("127.0.0.1", f"user:{olga.user.id}")
        assert entry.request_id

    @pytest.mark.parametrize(
        "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
    )
    def test_leads_to_no_other_site(self, vertex_app: Flask, olga: Staff, elsewhere: str) -> None:
        browser = vertex_app.test_client()
        form = {"username": "olga", "password": PASSWORD, "next": elsewhere}

        reply = browser.post("/login", data={**form, "csrf_token": token_of(browser.get("/login"))})

        assert reply.headers["Location"] == "/"

    def test_makes_a_new_cookie(self, vertex_app: Flask, olga: Staff) -> None:
        browser = vertex_app.test_client()
        before = token_of(browser.get("/login"))
        attempt(browser, PASSWORD)

        reply = browser.post("/account", data={"full_name": "x", "csrf_token": before})

        assert reply.status_code == 400
        assert "can no longer be sent" in reply.text

    def test_no_answer_brings_an_older_cookie_back(self, olga: Staff) -> None:
        """A notice lies in the cookie: a part that was asked for before it must not take it."""
        page = olga.get("/clients")
        part = olga.get("/clients", target="client_list")
        image = olga.get("/static/staff/icons.svg")

        assert [reply.headers.get("Set-Cookie") for reply in (page, part, image)] == [None] * 3

    def test_whoever_comes_every_day_stays_signed_in(self, olga: Staff) -> None:
        with olga.client.session_transaction() as cookie:
            cookie["kept"] = "2026-01-01"

        part = olga.get("/clients", target="client_list")
        first, second = olga.get("/clients"), olga.get("/clients")

        assert "Set-Cookie" not in part.headers
        assert "vertex_session" in first.headers["Set-Cookie"]
        assert "Expires" in first.headers["Set-Cookie"]
        assert "Set-Cookie" not in second.headers

    def test_a_wrong_password_is_told_without_saying_which_was_wrong(
        self, vertex_app: Flask, olga: Staff
    ) -> None:
        wrong = attempt(vertex_app.test_client(), "not my password")
        unknown = attempt(vertex_app.test_client(), PASSWORD, "nobody")

        assert (wrong.status_code, unknown.status_code) == (422, 422)
        assert error_of(wrong, "password") == error_of(unknown, "password")

    def test_after_five_wrong_ones_even_the_right_one_waits(self, make_app: MakeApp) -> None:
        app = make_app(sign_in_limit="100 per minute")
        with app.app_context():
            browser = app.test_client()
            assert set_up(browser).status_code == 303
            stranger = app.test_client()
            wrong = [attempt(stranger, "not my password") for _ in range(5)]

            right = attempt(stranger, PASSWORD)

            assert [reply.status_code for reply in wrong] == [422] * 4 + [429]
            assert right.status_code == 429
            assert "in 1 min" in right.text
            assert 0 < int(right.headers["Retry-After"]) <= 60
            # Olga's own browser is known, and is not held back by what others do
            olga = app.test_client()
            olga.set_cookie(
                "vertex_device",
                browser.get_cookie("vertex_device", path="/login").value,  # type: ignore[union-attr]
                path="/login",
            )
            assert attempt(olga, PASSWORD).status_code == 303

    def test_more_than_five_a_minute_from_one_address_wait(
        self, vertex_app: Flask, olga: Staff
    ) -> None:
        browser = vertex_app.test_client()
        replies = [attempt(browser, "wrong", f"user{n}") for n in range(5)]

        assert [reply.status_code for reply in replies] == [422] * 4 + [429]
        assert replies[0].headers["RateLimit-Limit"] == "5"
        assert replies[-1].headers["Retry-After"]
        assert "Too many requests" in replies[-1].text


class TestSignedIn:
    def test_signing_out_ends_the_session_on_the_server(
        self, vertex_app: Flask, olga: Staff
    ) -> None:
        cookie = olga.client.get_cookie("vertex_session")
        assert cookie is not None

        olga.post("/logout")

        thief = vertex_app.test_client()
        thief.set_cookie("vertex_session", cookie.value)
        assert thief.get("/clients").status_code == 302
        assert not sessions.of_user(olga.user.id)

    def test_signing_out_there(self, vertex_app: Flask, olga: Staff) -> None:
        there = sign_in(vertex_app, olga.user)
        other = next(s for s in sessions.of_user(olga.user.id) if s.id != here(olga))

        reply = olga.post(f"/account/sessions/{other.id}/end")

        assert reply.status_code == 303
        assert "Signed out there" in olga.get("/account").text
        assert there.get("/clients").status_code == 302

    def test_nobody_ends_the_session_of_another(self, olga: Staff, pavel: Staff) -> None:
        theirs = sessions.of_user(olga.user.id)[0].id

        reply = pavel.post(f"/account/sessions/{theirs}/end")

        assert reply.status_code == 404
        assert olga.get("/clients").status_code == 200

    def test_a_new_password_signs_out_everywhere_else(self, vertex_app: Flask, olga: Staff) -> None:
        there = sign_in(vertex_app, olga.user)

        reply = olga.post("/account/password", {"current": PASSWORD, "new": "another four words"})

        assert reply.status_code == 303
        assert olga.get("/clients").status_code == 200
        assert there.get("/clients").status_code == 302

    @pytest.mark.parametrize(
        ("form", "field", "sentence"),
        [
            ({"current": "wrong", "new": "another four words"}, "current", "not your current"),
            ({"current": PASSWORD, "new": "short"}, "new", "at least 12 characters"),
            ({"current": PASSWORD, "new": ""}, "new", "Please enter a new password."),
        ],
    )
    def test_a_password_that_is_refused_changes_nothing(
        self, olga: Staff, form: dict[str, str], field: str, sentence: str
    ) -> None:
        reply = olga.post("/account/password", form, target="password_form")

        assert reply.status_code == 422
        assert reply.text.lstrip().startswith('<form id="password_form"')
        assert sentence in error_of(reply, field)
        assert db.session.scalar(select(func.count(Session.id))) == 1

    def test_pages_follow_the_language_of_the_account(self, olga: Staff) -> None:
        olga.post("/account", {"full_name": "Ольга", "locale": "ru"})

        page = olga.get("/clients", **{"Accept-Language": "en"}).text

        assert '<html lang="ru">' in page
        assert "Клиенты" in page


def error_of(reply: TestResponse, field: str) -> str:
    found = re.search(rf'<p class="wrong" id="{field}_error">([^<]*)</p>', reply.text)
    assert found, reply.text
    return found.group(1)


def here(staff: Staff) -> object:
    with staff.client.session_transaction() as cookie:
        found = sessions.find(cookie["_user_id"])
    assert found
    return found.id
