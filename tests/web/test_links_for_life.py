"""A print cannot be changed: its link leads to the page whatever happens behind it."""

import html
import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import IsolatedClient, MakeApp
from tests.media import samples
from tests.servers.ceph import Ceph
from tests.services.intake_parts import good_picture
from tests.web.staff import Staff, make_staff
from vertex import create_app
from vertex.extensions import db
from vertex.models import Order, Portrait, Role
from vertex.recogniser import Recogniser
from vertex.runtime import runtime
from vertex.services import public_codes
from vertex.services._transaction import atomic
from vertex.storage import file_key

pytestmark = pytest.mark.xdist_group("ceph")

OLD, NEW = "https://photo.example", "https://new.example"
PHONE = {"phone": "+7 916 123-45-67"}


@dataclass(frozen=True)
class Print:
    """What a client has on the wall: the codes of a portrait and of its album."""

    app: Flask
    portrait: Portrait
    order: Order
    codes: tuple[str, str]

    def seen(self, browser: FlaskClient) -> list[dict[str, Any]]:
        """The portrait as both pages show it, with every part of it there."""
        shown = []
        for code in self.codes:
            page = browser.get(f"/v/{code}")
            assert page.status_code == 200, page.text
            told = re.search(r'id="viewer-config">(.*?)</script>', page.text, re.DOTALL)
            assert told
            config = json.loads(told[1])
            (one,) = config["portraits"]
            for address in (config["marker"], one["photo"], one["video"]["url"]):
                assert browser.get(address).status_code == 200, address
            Recogniser(browser.get(config["marker"]).data)
            shown.append({"marker": config["marker"], "video": one["video"]["url"]})
        return shown


@pytest.fixture
def printed(make_app: MakeApp, ceph: Ceph, tmp_path: Path) -> Print:
    """One of an order, in an installation that could keep its files in a bucket."""
    app = make_app(**{**ceph.settings(), "storage": "local", "public_url": OLD})
    portrait, film = tmp_path / "anna.jpg", samples.plain_video(tmp_path / "anna.mp4")
    portrait.write_bytes(good_picture().read())
    options = ["--client", "Anna", "--phone", PHONE["phone"], "--order", "A-1"]
    files = ["--portrait", str(portrait), "--video", str(film)]
    done = app.test_cli_runner().invoke(args=["portraits", "import", *options, *files])
    code = json.loads(done.output.splitlines()[-1])["code"]
    with app.app_context():
        order = db.session.query(Order).one()
        album = public_codes.of_order(order.id)
        assert album
        return Print(app, db.session.query(Portrait).one(), order, (code, album))


def test_through_names_videos_markers_stores_and_addresses(printed: Print, tmp_path: Path) -> None:
    with printed.app.app_context():
        olga = make_staff(printed.app, "olga", Role.ADMIN)
        browser = printed.app.test_client()
        first = printed.seen(browser)

        rename(olga, printed)
        assert printed.seen(browser) == first

        replace_the_video(olga, printed, tmp_path)
        second = printed.seen(browser)
        assert [one["video"] for one in second] != [one["video"] for one in first]

        make_the_marker_anew(printed)
        third = printed.seen(browser)
        assert [one["marker"] for one in third] == [one["marker"] for one in first]

        moved = move_the_files(printed)
    with moved.app_context():
        browser = moved.test_client()
        assert printed.seen(browser) == third
        for code in printed.codes:
            reply = browser.get(f"/v/{code}", headers={"Host": OLD.removeprefix("https://")})
            assert (reply.status_code, reply.headers["Location"]) == (301, f"{NEW}/v/{code}")
        page = browser.get(f"/v/{printed.codes[0]}/qr.svg")
        assert page.status_code == 200
        db.engine.dispose()


def rename(olga: Staff, printed: Print) -> None:
    """Another name for the client, another number for the order."""
    client, order = f"/clients/{printed.portrait.client_id}", f"/orders/{printed.order.id}"
    for url, given in ((client, {"name": "Maria"}), (order, {"number": "Z-99"})):
        page = olga.get(f"{url}/edit").text
        fields = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
        form = {name: html.unescape(value) for name, value in fields}
        reply = olga.post(f"{url}/edit", {**PHONE, **form, **given})
        assert reply.status_code == 303, reply.text
        assert next(iter(given.values())) in olga.get(url).text
    assert printed.codes[0] in olga.get(f"/portraits/{printed.portrait.id}").text


def replace_the_video(olga: Staff, printed: Print, folder: Path) -> None:
    """Another film from now on."""
    url = f"/portraits/{printed.portrait.id}"
    film = samples.video(folder / "other.mp4", *samples.PICTURES, *samples.H264).read_bytes()
    form = {"video": (io.BytesIO(film), "other.mp4"), "once": olga.once(url)}
    assert olga.post(f"{url}/video", form).status_code == 303


def make_the_marker_anew(printed: Print) -> None:
    """An older version of the program has made it; this one makes it again."""
    storage = runtime().storage
    portrait = db.session.get_one(Portrait, printed.portrait.id)
    with storage.open(portrait.marker_key or "") as file:
        old = io.BytesIO(b"VXM\x01" + file.read()[4:])
    key = file_key("markers", portrait.id, old, "vxm")
    storage.put(key, old, content_type="application/octet-stream")
    with atomic():
        db.session.get_one(Portrait, portrait.id).marker_key = key
    done = printed.app.test_cli_runner().invoke(args=["portraits", "remake-markers"])
    assert str(portrait.id) in done.output
    db.session.rollback()


def move_the_files(printed: Print) -> Flask:
    """All files into the bucket, none left in the folder, and another name for the server."""
    settings = runtime().settings
    done = printed.app.test_cli_runner().invoke(args=["media", "migrate", "--to", "s3"])
    assert "Nothing is left to copy." in done.output, done.output
    shutil.rmtree(settings.media_root)
    given = {**settings.model_dump(), "storage": "s3", "public_url": NEW, "old_urls": OLD}
    app = create_app(type(settings)(**given))
    app.test_client_class = IsolatedClient
    return app
