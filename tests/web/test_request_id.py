"""The request's name: in its answer, in each of its log lines, on its error page."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from flask import Flask, request

from tests.conftest import MakeApp, add_open_view

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged since the last call, line by line."""

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return read


@pytest.fixture
def talkative_app(make_app: MakeApp) -> Flask:
    """An app with a view that logs through us and through a library, and one that breaks."""
    app = make_app()

    def talk() -> str:
        structlog.get_logger("ours").info("hello", answer=42)
        logging.getLogger("library").warning("watch %s", "out")
        return "said"

    def break_down() -> str:
        password = "a local that no log may show"
        raise RuntimeError(f"broken after {len(password)} characters")

    add_open_view(app, "/talk", talk)
    add_open_view(app, "/break", break_down)
    # as in production: testing would hand the exception to the test
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_is_in_the_answer_and_in_every_line_of_the_request(
    talkative_app: Flask, lines: Lines
) -> None:
    browser = talkative_app.test_client()
    lines()

    names = [browser.get("/talk").headers["X-Request-ID"] for _ in range(2)]

    assert len(set(names)) == 2
    logged = lines()
    assert [line["event"] for line in logged] == ["hello", "watch out", "request"] * 2
    assert [line["request_id"] for line in logged] == [names[0]] * 3 + [names[1]] * 3
    assert logged[0]["answer"] == 42
    assert {"level", "logger", "time"} <= logged[1].keys()
    assert logged[2]["path"] == "/talk"
    assert logged[2]["status"] == 200


def test_is_on_the_error_page_beside_a_traceback_in_the_log(
    talkative_app: Flask, lines: Lines
) -> None:
    lines()

    reply = talkative_app.test_client().get("/break")

    name = reply.headers["X-Request-ID"]
    assert reply.status_code == 500
    assert name in reply.text
    assert "RuntimeError" not in reply.text
    error, end = lines()
    assert error["request_id"] == end["request_id"] == name
    assert error["exception"][0]["exc_type"] == "RuntimeError"
    assert "a local that no log may show" not in json.dumps(error)


def test_the_query_stays_out_of_the_log(talkative_app: Flask, lines: Lines) -> None:
    lines()

    talkative_app.test_client().get("/talk?token=hush")

    assert "hush" not in json.dumps(lines())


@pytest.mark.parametrize(
    ("proxies", "given", "believed"),
    [
        (0, "proxy-0123456789", False),
        (1, "proxy-0123456789", True),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "with spaces and <b>", False),
        (1, "день-и-ночь", False),
    ],
)
def test_is_taken_from_a_trusted_proxy_and_only_if_harmless(
    make_app: MakeApp, proxies: int, given: str, believed: bool
) -> None:
    browser = make_app(trusted_proxies=proxies).test_client()

    reply = browser.get("/health", headers={"X-Request-ID": given.encode().decode("latin-1")})

    assert (reply.headers["X-Request-ID"] == given) is believed


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https")])
def test_only_a_trusted_proxy_tells_how_we_were_reached(
    make_app: MakeApp, proxies: int, scheme: str
) -> None:
    app = make_app(trusted_proxies=proxies)
    add_open_view(app, "/scheme", lambda: request.scheme)

    reply = app.test_client().get("/scheme", headers={"X-Forwarded-Proto": "https"})

    assert reply.text == scheme


def test_people_may_have_lines_for_their_eyes(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = make_app(log_format="console").test_client()
    capsys.readouterr()

    browser.get("/health")

    assert "path=/health" in capsys.readouterr().err
