"""The page on which a phone checks itself."""

import re

from flask import Flask
from flask.testing import FlaskClient

from vertex.services import phone_checks


def test_the_page_has_every_step_and_no_inline_script(browser: FlaskClient) -> None:
    page = browser.get("/v/check")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" in policy and "'unsafe-inline'" not in policy
    steps = re.findall(r'id="step-(\w+)"', page.text)
    assert steps == ["secure", "wasm", "simd", "webgl", "camera", "path", "speed", "rate", "print"]
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page.text)
    assert all("application/json" in attributes for attributes in inline)
    assert "style=" not in page.text


def test_russian_readers_read_russian(browser: FlaskClient) -> None:
    page = browser.get("/v/check", headers={"Accept-Language": "ru"})

    assert "Проверка телефона" in page.text and "Check this phone" not in page.text


def test_the_sample_and_its_marker_are_sent(browser: FlaskClient) -> None:
    portrait, marker = browser.get("/v/check/portrait"), browser.get("/v/check/marker")

    assert portrait.data == phone_checks.sample() and portrait.mimetype == "image/jpeg"
    assert marker.data == phone_checks.sample_marker()
    assert "/v/check/portrait" in browser.get("/v/check/print").text


def test_typing_check_like_a_code_finds_no_portrait(browser: FlaskClient) -> None:
    assert browser.get("/v/check%20").status_code == 404
    assert browser.get("/v/check/photo").status_code == 404


def test_checks_are_counted_by_address(vertex_app: Flask) -> None:
    reply = vertex_app.test_client().get("/v/check")

    assert reply.headers["RateLimit-Limit"] == "1000"
