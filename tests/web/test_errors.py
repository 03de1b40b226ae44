"""One error, three shapes: a page, a toast, problem+json."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from tests.conftest import HTMX, add_open_view
from vertex.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TooLargeError,
)
from vertex.web.errors import STATUS, status_of
from vertex.web.messages import SENTENCES, explain_in_english

PAGE = ("text/html; charset=utf-8", "<!doctype html>")
TOAST = ("text/html; charset=utf-8", '<div class="toast')
PROBLEM = ("application/problem+json", '{"code":"not_found"')


def refuse(app: Flask, error: Exception, path: str = "/refuse") -> None:
    """Let a view of this app end with the error."""

    def view() -> str:
        raise error

    add_open_view(app, path, view)


@pytest.mark.parametrize(
    ("path", "headers", "shape"),
    [
        ("/nowhere", {}, PAGE),
        ("/nowhere", HTMX, TOAST),
        ("/nowhere", {**HTMX, "HX-Boosted": "true"}, PAGE),
        ("/v/0000000000", {}, PAGE),
        ("/api/v1/nowhere", {}, PROBLEM),
        ("/api/v1/nowhere", HTMX, PROBLEM),
    ],
)
def test_one_error_three_shapes(
    browser: FlaskClient, path: str, headers: dict[str, str], shape: tuple[str, str]
) -> None:
    reply = browser.get(path, headers=headers)

    assert reply.status_code == 404
    assert reply.content_type == shape[0]
    assert shape[1] in reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Security-Policy"]


def test_a_toast_goes_where_toasts_are(browser: FlaskClient) -> None:
    reply = browser.get("/nowhere", headers=HTMX)

    assert reply.headers["HX-Retarget"] == "#toasts"
    assert reply.headers["HX-Reswap"] == "beforeend"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError(), 404),
        (ForbiddenError(), 403),
        (ConflictError("username_taken", username="olga"), 409),
        (InvalidError("image_damaged", field="portrait"), 422),
        (TooLargeError("image_bytes", field="portrait", found=60, limit=50), 413),
        (DomainError(), 400),
    ],
)
def test_a_refusal_has_its_status_and_its_sentence(
    vertex_app: Flask, error: DomainError, status: int
) -> None:
    refuse(vertex_app, error, "/api/refuse")

    reply = vertex_app.test_client().get("/api/refuse")

    assert reply.status_code == status
    assert reply.json is not None
    assert reply.json["code"] == error.code
    assert reply.json["title"] == explain_in_english(error)
    assert reply.json["request_id"] == reply.headers["X-Request-ID"]


def test_a_problem_points_at_its_field(vertex_app: Flask) -> None:
    refuse(vertex_app, InvalidError("image_damaged", field="portrait"), "/api/refuse")

    reply = vertex_app.test_client().get("/api/refuse")

    assert reply.json is not None
    assert reply.json["errors"][0]["pointer"] == "/portrait"


def test_a_subclass_has_its_parents_status() -> None:
    class PhoneTakenError(ConflictError):
        pass

    assert status_of(PhoneTakenError()) == STATUS[ConflictError]


def test_an_unknown_code_still_has_a_sentence(vertex_app: Flask) -> None:
    assert explain_in_english(ConflictError("brand_new", count=1)) == str(SENTENCES["conflict"])


def test_what_a_person_typed_is_shown_as_text(vertex_app: Flask) -> None:
    refuse(vertex_app, ConflictError("username_taken", username="<b>100%s</b>"))

    page = vertex_app.test_client().get("/refuse").text

    assert "&lt;b&gt;100%s&lt;/b&gt;" in page


def test_a_redirect_is_no_error(vertex_app: Flask) -> None:
    add_open_view(vertex_app, "/old/", lambda: "moved")

    assert vertex_app.test_client().get("/old").status_code == 308


def test_a_refused_method_says_which_are_allowed(browser: FlaskClient) -> None:
    reply = browser.post("/health")

    assert reply.status_code == 405
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("status", [400, 401, 403, 413, 418, 429, 500, 503])
def test_every_status_has_a_page(vertex_app: Flask, status: int) -> None:
    add_open_view(vertex_app, "/stop", lambda: abort(status))

    reply = vertex_app.test_client().get("/stop")

    assert reply.status_code == status
    assert f'<p class="notice-status">{status}</p>' in reply.text
