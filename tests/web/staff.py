"""Staff at their browsers: signed in for real, with the token their pages hold."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from vertex.models import Role, User
from vertex.services import accounts
from vertex.services.audit import CLI

PASSWORD = "four words in a row"
_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


@dataclass
class Staff:
    """A browser in which somebody is signed in."""

    user: User
    client: FlaskClient
    token: str

    def get(self, url: str, *, target: str | None = None, **headers: str) -> TestResponse:
        """Ask for a page, or for the part of it that htmx would swap."""
        return self.client.get(url, headers={**htmx(target), **headers})

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, target: str | None = None
    ) -> TestResponse:
        """Send a form with the token of this session."""
        headers = {"X-CSRFToken": self.token, **htmx(target)}
        return self.client.post(url, data=data or {}, headers=headers)

    def once(self, url: str) -> str:
        """The token of a form that is carried out once."""
        found = re.search(r'name="once"[^>]*value="([^"]+)"', self.get(url).text)
        assert found, url
        return found.group(1)


def htmx(target: str | None) -> dict[str, str]:
    """The headers of htmx that asks for a part."""
    return {} if target is None else {"HX-Request": "true", "HX-Target": target}


def make_staff(app: Flask, username: str = "olga", role: Role = Role.USER) -> Staff:
    """A new account, signed in by the form."""
    user = accounts.create(
        username=username,
        email=f"{username}@example.com",
        password=PASSWORD,
        role=role,
        actor=CLI,
    )
    return sign_in(app, user)


def sign_in(app: Flask, user: User) -> Staff:
    """One more browser in which this user signs in by the form."""
    username = user.username
    client = app.test_client()
    form = {
        "username": username,
        "password": PASSWORD,
        "csrf_token": token_of(client.get("/login")),
    }
    reply = client.post("/login", data=form)
    assert reply.status_code == 303, reply.text
    return Staff(user, client, token_of(client.get("/account")))


def token_of(page: TestResponse) -> str:
    """The token against forgery that a page holds."""
    found = _TOKEN.search(page.text)
    assert found, page.text
    return found.group(1)
