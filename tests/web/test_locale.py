"""The language of an answer is the reader's, where it is one of ours."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from vertex.web.locale import select_locale


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.5", "ru"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_follows_the_browser(browser: FlaskClient, accepted: str, locale: str) -> None:
    reply = browser.get("/nowhere", headers={"Accept-Language": accepted})

    assert f'<html lang="{locale}">' in reply.text
    assert reply.headers["Content-Language"] == locale
    assert "Accept-Language" in reply.headers["Vary"]


def test_falls_back_to_the_installations_own(make_app: MakeApp) -> None:
    browser = make_app(default_locale="ru").test_client()

    assert '<html lang="ru">' in browser.get("/nowhere").text
    assert '<html lang="en">' in browser.get("/nowhere", headers={"Accept-Language": "en"}).text


def test_is_the_installations_own_where_nobody_asks(vertex_app: Flask) -> None:
    assert select_locale() == "en"
