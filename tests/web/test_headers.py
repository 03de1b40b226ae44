"""What every answer tells the browser to refuse, and for how long it may keep files."""

import re

import pytest
from flask import Flask, Response, url_for
from flask.testing import FlaskClient

from tests.conftest import add_open_view
from tests.web.staff import Staff
from vertex.web.headers import allow_wasm

CSP = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'"
)


@pytest.mark.parametrize(
    "path", ["/health", "/nowhere", "/api/nowhere", "/static/ar/recogniser.wasm"]
)
def test_every_answer_has_the_security_headers(browser: FlaskClient, path: str) -> None:
    headers = browser.get(path).headers

    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Permissions-Policy"] == "camera=(self)"


def test_a_view_may_allow_wasm_and_nothing_else(vertex_app: Flask) -> None:
    add_open_view(vertex_app, "/wasm", lambda: allow_wasm(Response("page")))

    policy = vertex_app.test_client().get("/wasm").headers["Content-Security-Policy"]

    assert policy == CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


class TestStaticFiles:
    def test_a_url_that_names_the_content_is_kept_for_good(
        self, vertex_app: Flask, browser: FlaskClient
    ) -> None:
        with vertex_app.test_request_context():
            url = url_for("static", filename="ar/recogniser.wasm")

        reply = browser.get(url)

        assert re.fullmatch(r"/static/r/[0-9a-f]{12}/ar/recogniser\.wasm", url)
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert reply.content_type == "application/wasm"

    @pytest.mark.parametrize("release", ["", "r/000000000000/"])
    def test_any_other_is_asked_for_again(self, browser: FlaskClient, release: str) -> None:
        reply = browser.get(f"/static/{release}ar/recogniser.wasm")

        assert reply.headers["Cache-Control"] == "no-cache"
        tag = reply.headers["ETag"]
        again = browser.get("/static/ar/recogniser.wasm", headers={"If-None-Match": tag})
        assert again.status_code == 304

    def test_nothing_outside_the_folder_is_served(self, browser: FlaskClient) -> None:
        assert browser.get("/static/../settings.py").status_code == 404

    def test_nothing_of_who_asks_is_in_what_all_may_keep(
        self, vertex_app: Flask, pavel: Staff
    ) -> None:
        with vertex_app.test_request_context():
            url = url_for("static", filename="ar/recogniser.wasm")

        reply = pavel.client.get(url)

        assert "Set-Cookie" not in reply.headers
        assert reply.headers["Vary"] == "Accept-Encoding"
