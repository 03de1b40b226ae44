"""The count of what a page asks the database, which every test of a page relies on."""

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import add_open_view
from tests.queries import MOST, TooManyQueriesError
from vertex.extensions import db


def ask(app: Flask, rule: str, times: int) -> None:
    """Let the app have a page that asks the database so often."""

    def page() -> str:
        for number in range(times):
            db.session.execute(text(f"SELECT {number} AS asked_for"))
        return "asked"

    add_open_view(app, rule, page)


def test_a_page_may_ask_ten_times(vertex_app: Flask) -> None:
    ask(vertex_app, "/ten", MOST)

    assert vertex_app.test_client().get("/ten").text == "asked"


def test_a_page_that_asks_more_often_fails_and_shows_what_it_asked(vertex_app: Flask) -> None:
    ask(vertex_app, "/eleven", MOST + 1)

    with pytest.raises(TooManyQueriesError, match=r"GET /eleven .*\n(.*\n){10} 11. SELECT 10 AS"):
        vertex_app.test_client().get("/eleven")
