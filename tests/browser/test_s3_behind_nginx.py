"""The scaled way of files, walked by staff and customer: a bucket behind nginx, or asked itself."""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import clips, pictures
from tests.browser import staff
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.browser.waiting import until_played
from tests.servers.ceph import Ceph
from tests.servers.nginx import Nginx
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

pytestmark = pytest.mark.xdist_group("ceph")

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 40_000  # ms


@dataclasses.dataclass
class Front(Desk):
    """A desk whose pages come through nginx."""

    nginx: Nginx
    store: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.nginx.port}"

    @property
    def known(self) -> tuple[str, ...]:
        """Where pages may fetch from: the one origin, and the store if browsers are sent there."""
        redirect = self.installation.settings["VERTEX_DELIVERY"] == "redirect"
        return (self.url, self.store) if redirect else (self.url,)


@pytest.fixture(params=["nginx", "redirect"])
def front(
    request: pytest.FixtureRequest, tmp_path: Path, files: tuple[Path, Path], ceph: Ceph
) -> Iterator[Front]:
    (tmp_path / "instance").mkdir()
    studio = Installation(tmp_path / "instance")
    nginx = Nginx(studio, tmp_path / "nginx")
    studio.settings |= {f"VERTEX_{n.upper()}": str(v) for n, v in ceph.settings().items()}
    studio.settings |= {
        "VERTEX_DELIVERY": request.param,
        "VERTEX_TRUSTED_PROXIES": "1",
        "VERTEX_PUBLIC_URL": f"http://127.0.0.1:{nginx.port}",
    }
    studio.flask("db", "upgrade")
    studio.flask("media", "init")
    studio.make_admin("olga", PASSWORD)
    studio.start()
    nginx.start()
    try:
        yield Front(studio, *files, nginx, ceph.url)
        assert nginx.troubles() == ""
    finally:
        nginx.stop()
        studio.stop()


def test_from_the_upload_to_a_print_that_comes_alive(front: Front) -> None:
    with opened(size=(1280, 800)) as page:
        witness = Witness(page, *front.known)
        staff.sign_in(page, front, "/portraits/new")
        page.fill("#client", "Anna")
        page.fill("#phone", "+1 202 555 0160")
        staff.choose_files(page, front.picture, front.video)
        staff.send(page)
        staff.wait_for_marker(page)
        address = page.input_value("#link")
        page.evaluate("document.querySelector('video.film').play()")
        until_played(page, 0.3, "video.film")
        witness.nothing_happened()
    with opened(pictures.clip("astronaut", FRONTAL)) as phone:
        witness = Witness(phone, *front.known)
        phone.goto(address)
        phone.click("#start")
        phone.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        until_played(phone, 0.5)
        film = json.loads(phone.text_content("#viewer-config") or "")["portraits"][0]["video"][
            "url"
        ]
        witness.nothing_happened()

    assert re.fullmatch(r"/v/[0-9A-Z]{10}/video/[0-9a-f-]{36}\?v=[0-9a-f]{12}", film)
    assert not list((front.installation.instance / "media").rglob("*.mp4"))  # all is in the bucket
