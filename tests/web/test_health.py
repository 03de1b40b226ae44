"""Health answers machines: 200, or 503 when broken."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from vertex.extensions import db
from vertex.runtime import runtime


@pytest.mark.parametrize("path", ["/health", "/health/db", "/health/storage"])
def test_a_sound_service_says_so(browser: FlaskClient, path: str) -> None:
    reply = browser.get(path)

    assert (reply.status_code, reply.json) == (200, {"status": "ok"})
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_database_without_our_tables_is_broken(browser: FlaskClient) -> None:
    db.session.execute(text("ALTER TABLE jobs RENAME TO elsewhere"))
    db.session.commit()

    reply = browser.get("/health/db")

    assert (reply.status_code, reply.json) == (503, {"status": "broken"})


def test_a_storage_that_keeps_nothing_is_broken(vertex_app: Flask, browser: FlaskClient) -> None:
    media: Path = runtime().settings.media_root
    shutil.rmtree(media, ignore_errors=True)
    media.write_text("a file where the folder should be")

    reply = browser.get("/health/storage")

    assert (reply.status_code, reply.json) == (503, {"status": "broken"})
