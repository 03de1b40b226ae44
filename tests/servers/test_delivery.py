"""How films reach browsers: by the app, by nginx from a folder, by nginx from a bucket."""

import http.client
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.media import samples
from tests.pictures import astronaut, jpeg
from tests.servers.browser import Browser
from tests.servers.ceph import Ceph
from tests.servers.nginx import Nginx
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD
from vertex.settings import Settings
from vertex.storage import Storage, open_storage

pytestmark = pytest.mark.xdist_group("ceph")


@dataclass(frozen=True)
class Shop:
    """An installation with one portrait, and where customers find it."""

    studio: Installation
    port: int
    way: str
    code: str
    portrait: str
    film: str
    size: int
    storage: Storage
    nginx: Nginx | None

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, dict(reply.headers.items()), content

    def part(self, range_: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask(self.film, Range=range_, **headers)


@pytest.fixture(scope="module", params=["app", "nginx", "nginx+s3", "app+s3"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "instance").mkdir()
    studio = Installation(folder / "instance")
    given: dict[str, Any] = {}
    nginx = None
    if "nginx" in request.param:
        nginx = Nginx(studio, folder / "nginx")
        studio.settings |= {"VERTEX_DELIVERY": "nginx", "VERTEX_TRUSTED_PROXIES": "1"}
        studio.settings["VERTEX_PUBLIC_URL"] = f"http://127.0.0.1:{nginx.port}"
    if "s3" in request.param:
        ceph: Ceph = request.getfixturevalue("ceph")
        given = ceph.settings() | {
            "s3_endpoint": f"http://localhost:{ceph.port}"
        }  # a name, as usual
        studio.settings |= {f"VERTEX_{name.upper()}": value for name, value in given.items()}
    studio.flask("db", "upgrade")
    studio.flask("media", "init")
    studio.make_admin("olga", PASSWORD)
    storage = open_storage(Settings(instance=studio.instance, **given))
    try:
        yield open_shop(studio, storage, folder, request.param, nginx)
        if nginx is not None:
            troubles = nginx.troubles().splitlines()
            assert not [line for line in troubles if "No such file" not in line]
    finally:
        if nginx is not None:
            nginx.stop()
        studio.stop()


def open_shop(
    studio: Installation, storage: Storage, folder: Path, way: str, nginx: Nginx | None
) -> Shop:
    (folder / "portrait.jpg").write_bytes(jpeg(astronaut()))
    film = samples.video(
        folder / "film.mp4",
        *("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25:duration=4", *samples.H264),
    )
    summary = studio.import_portrait(folder / "portrait.jpg", film)
    studio.start()
    if nginx is not None:
        nginx.start()
    port = nginx.port if nginx else studio.port
    draft = Shop(studio, port, way, summary["code"], summary["portrait"], "", 0, storage, nginx)
    _, _, page = draft.ask(f"/v/{summary['code']}")
    config = json.loads(page.decode().split('id="viewer-config">')[1].split("</script>")[0])
    address = config["portraits"][0]["video"]["url"]
    status, headers, _ = draft.ask(address, "HEAD")
    assert status == 200
    size = int(headers["Content-Length"])
    return replace(draft, film=address, size=size)


def test_the_whole_film(shop: Shop) -> None:
    status, headers, content = shop.ask(shop.film)

    assert (status, len(content)) == (200, shop.size)
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert content[4:8] == b"ftyp"
    assert "X-Accel-Redirect" not in headers
    assert not [name for name in headers if name.lower().startswith("x-amz")]


def test_its_name_is_that_of_its_content_however_it_is_sent(shop: Shop) -> None:
    etags = {
        shop.ask(shop.film)[1]["ETag"],
        shop.part("bytes=0-9")[1]["ETag"],
        shop.ask(shop.film, "HEAD")[1]["ETag"],
    }

    assert len(etags) == 1
    assert len(etags.pop()) == 34  # 128 bits in hex, in quotes


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, -1), ("bytes=-50", -50, -1), ("bytes=7-7", 7, 7)],
)
def test_a_part(shop: Shop, asked: str, first: int, last: int) -> None:
    whole = shop.ask(shop.film)[2]
    first, last = first % shop.size, last % shop.size

    status, headers, content = shop.part(asked)

    assert status == 206
    assert headers["Content-Range"] == f"bytes {first}-{last}/{shop.size}"
    assert content == whole[first : last + 1]


def test_a_part_behind_the_end_is_refused(shop: Shop) -> None:
    status, headers, content = shop.part(f"bytes={shop.size}-")

    assert (status, content) == (416, b"")
    assert headers["Content-Range"] == f"bytes */{shop.size}"


def test_a_part_of_this_version_or_else_all_of_it(shop: Shop) -> None:
    etag = shop.ask(shop.film, "HEAD")[1]["ETag"]

    same = shop.part("bytes=0-9", If_Range=etag)
    other = shop.part("bytes=0-9", If_Range='"of-yesterday"')

    assert (same[0], len(same[2])) == (206, 10)
    assert (other[0], len(other[2])) == (200, shop.size)


def test_what_the_browser_has_is_not_sent_again(shop: Shop) -> None:
    etag = shop.ask(shop.film, "HEAD")[1]["ETag"]

    status, headers, content = shop.ask(shop.film, If_None_Match=etag)

    assert (status, content) == (304, b"")
    assert headers["ETag"] == etag


@pytest.mark.parametrize("area", ["local/", "s3/bucket/", "whole/", "missing"])
def test_nobody_gets_to_the_files_by_themselves(shop: Shop, area: str) -> None:
    assert shop.ask(f"/_media/{area}videos/x.mp4")[0] == 404


def test_what_is_not_found_is_not_kept_by_browsers(shop: Shop, tmp_path: Path) -> None:
    keys = [file.key for file in shop.storage.files("videos") if file.key.endswith(".mp4")]
    away = {}
    for key in keys:
        with shop.storage.open(key) as file:
            away[key] = file.read()
        shop.storage.delete(key)
    try:
        status, headers, _ = shop.ask(shop.film)
    finally:
        for key, content in away.items():
            shop.storage.put(key, io.BytesIO(content), content_type="video/mp4")

    assert status == 404
    assert headers.get("Cache-Control", "no-store") in ("no-store", "private, no-store")
    assert shop.ask(shop.film)[0] == 200


def test_every_part_is_allowed_anew(shop: Shop) -> None:
    """Last of these tests: the portrait is gone afterwards."""
    assert shop.part("bytes=0-9")[0] == 206

    olga = Browser(shop.port)
    olga.sign_in()
    assert olga.post(f"/portraits/{shop.portrait}/delete") == 303

    assert shop.part("bytes=10-19")[0] == 404
    assert shop.ask(shop.film)[0] == 404
