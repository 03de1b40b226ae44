"""Compressed answers, their ages and what phones may keep, as the app and as nginx hand them on."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import brotli
import pytest

from tests.media import samples
from tests.pictures import astronaut, jpeg
from tests.servers.nginx import Nginx
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

BOTH = "gzip, deflate, br, zstd"


@dataclass(frozen=True)
class Shop:
    """An installation with one portrait, and the port on which browsers ask."""

    port: int
    code: str

    def ask(self, path: str, encoding: str = BOTH) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, reply.headers, content

    def config(self) -> dict[str, Any]:
        """What the customer's page tells its scripts."""
        page = brotli.decompress(self.ask(f"/v/{self.code}")[2]).decode()
        found: dict[str, Any] = json.loads(
            page.split('id="viewer-config">')[1].split("</script>")[0]
        )
        return found


@pytest.fixture(scope="module", params=["app", "nginx"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "instance").mkdir()
    studio = Installation(folder / "instance")
    nginx = None
    if request.param == "nginx":
        # as a machine may have it set up for everybody: our pages must not follow
        nginx = Nginx(studio, folder / "nginx", around="gzip on; gzip_proxied any;")
        studio.settings |= {"VERTEX_DELIVERY": "nginx", "VERTEX_TRUSTED_PROXIES": "1"}
        studio.settings["VERTEX_PUBLIC_URL"] = f"http://127.0.0.1:{nginx.port}"
    studio.flask("db", "upgrade")
    studio.make_admin("olga", PASSWORD)
    (folder / "portrait.jpg").write_bytes(jpeg(astronaut()))
    film = samples.video(
        folder / "film.mp4",
        *("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=1", *samples.H264),
    )
    summary = studio.import_portrait(folder / "portrait.jpg", film)
    studio.start()
    try:
        if nginx is not None:
            nginx.start()
        yield Shop(nginx.port if nginx else studio.port, summary["code"])
        assert nginx is None or nginx.troubles() == ""
    finally:
        if nginx is not None:
            nginx.stop()
        studio.stop()


@pytest.mark.parametrize("name", ["aframe", "scene", "worker", "simd"])
def test_files_of_a_release_are_small_and_kept_for_good(shop: Shop, name: str) -> None:
    address = shop.config()[name]

    status, headers, content = shop.ask(address)

    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Vary"] == "Accept-Encoding"
    assert int(headers["Content-Length"]) == len(content)
    assert brotli.decompress(content) == shop.ask(address, "identity")[2]
    assert shop.ask(address, "gzip")[1]["Content-Encoding"] == "gzip"


def test_the_marker_is_small_and_may_be_kept(shop: Shop) -> None:
    address = shop.config()["marker"]

    _, headers, content = shop.ask(address)

    assert headers["Content-Encoding"] == "br"
    assert headers["X-Vertex-Keep"] == "yes"
    assert brotli.decompress(content) == shop.ask(address, "identity")[2]


def test_the_photo_may_be_kept_and_the_film_not(shop: Shop) -> None:
    portrait = shop.config()["portraits"][0]

    _, photo, _ = shop.ask(portrait["photo"])
    _, film, _ = shop.ask(portrait["video"]["url"])

    assert photo["X-Vertex-Keep"] == "yes"
    assert "X-Vertex-Keep" not in film
    assert "Content-Encoding" not in photo and "Content-Encoding" not in film


def test_pages_that_may_hold_a_secret_are_sent_as_they_are(shop: Shop) -> None:
    status, headers, content = shop.ask("/login")

    assert status == 200
    assert "Content-Encoding" not in headers
    assert b'name="csrf_token"' in content
