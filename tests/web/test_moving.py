"""Prints name addresses of earlier years, and still lead to the page."""

import pytest
from flask import Flask

from tests.conftest import MakeApp
from vertex.settings import Settings, SettingsError

OLD = "https://photo.example, http://studio.example:8080/"


@pytest.fixture
def moved(make_app: MakeApp) -> Flask:
    return make_app(old_urls=OLD, public_url="https://new.example")


@pytest.mark.parametrize("host", ["photo.example", "PHOTO.example", "studio.example:8080"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v/0123456789?lang=ru", 301),
        ("HEAD", "/v/0123456789", 301),
        ("GET", "/", 301),
        ("POST", "/v/0123456789/events", 308),
    ],
)
def test_an_old_host_leads_to_the_new_one(
    moved: Flask, host: str, method: str, path: str, status: int
) -> None:
    reply = moved.test_client().open(path, method=method, headers={"Host": host})

    assert reply.status_code == status
    assert reply.headers["Location"].startswith("https://new.example/")
    assert reply.headers["Location"].endswith(path.lstrip("/"))


@pytest.mark.parametrize("host", ["new.example", "evil.example", "studio.example", "localhost"])
def test_any_other_is_served_as_it_is(moved: Flask, host: str) -> None:
    reply = moved.test_client().get("/health", headers={"Host": host})

    assert (reply.status_code, reply.headers.get("Location")) == (200, None)


def test_nginx_knows_the_old_names(moved: Flask) -> None:
    printed = moved.test_cli_runner().invoke(args=["media", "nginx"]).output

    assert "server_name new.example photo.example studio.example;" in printed


def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERTEX_OLD_URLS", "photo.example")

    with pytest.raises(SettingsError, match="VERTEX_OLD_URLS"):
        Settings.from_env()
