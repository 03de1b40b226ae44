"""What a first scan fetches, file by file; test_second_scan.py has the next."""

import dataclasses
import re
import shutil
import sys
import time
from urllib.parse import urlsplit
from uuid import UUID

import brotli
import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests import albums, clips, pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from tests.browser.rows import rows_of
from tests.factories import make_order, make_public_code
from tests.media import samples
from vertex.extensions import db
from vertex.models import Order, Portrait, PortraitStatus, PublicCode, Video, VideoStatus
from vertex.web.compression import source_of
from vertex.web.static import FOLDER

BEFORE_THE_TAP = 100_000  # bytes, as they come over the line
BEFORE_THE_VIDEO = 450_000
OF_A_PORTRAIT = 300_000
LARGE = 50  # portraits
IN_THE_STRIP = 7  # pictures on a screen of 390 px, and one beside them
FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


def without_release(path: str) -> str:
    return re.sub(r"^/(static|v)/r/[0-9a-f]+", "", path)


class Scale:
    """Weighs what comes over the line, headers and all."""

    def __init__(self, page: Page) -> None:
        self.weights: dict[str, int] = {}
        self._names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._end)

    def _begin(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        path = urlsplit(str(request["url"])).path
        self._names[str(event["requestId"])] = without_release(path)

    def _end(self, event: dict[str, object]) -> None:
        name = self._names.get(str(event["requestId"]), "?")
        size = event["encodedDataLength"]
        assert isinstance(size, float | int)
        self.weights[name] = self.weights.get(name, 0) + int(size)


def table(weights: dict[str, int]) -> str:
    rows = sorted(weights.items(), key=lambda row: -row[1])
    return "\n".join(f"{size:>8} {name}" for name, size in rows)


@pytest.fixture(scope="module")
def compressed(studio: Studio) -> Studio:
    """The studio as `make run` starts it."""
    studio.installation.flask("static", "compress")
    return studio


def weigh(address: str, reading: int = 1000) -> tuple[dict[str, int], dict[str, int]]:
    """What was fetched until the tap, by somebody who reads for so many ms, and until the video."""
    clip = pictures.clip("astronaut", FRONTAL)
    # what the service worker fetches for later is the same, and counted nowhere
    with opened(clip, (390, 844), service_workers="block") as page:
        scale = Scale(page)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(reading)
        before = {**scale.weights, **worker_weights(page)}
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        page.wait_for_timeout(500)
        videos = {name for name in scale.weights if "/video/" in name}
        until = {name: size for name, size in scale.weights.items() if name not in videos}
        until |= worker_weights(page)
    for title, weights in (("before the tap", before), ("before the video", until)):
        sys.stdout.write(f"\n{title}\n{table(weights)}\n{sum(weights.values()):>8}\n")
    return before, until


def test_a_first_scan_weighs_little(compressed: Studio) -> None:
    before, until = weigh(compressed.page("astronaut"))

    assert not [name for name in before if "aframe" in name and name.endswith(".js")]
    assert [name for name in until if "aframe" in name] and [n for n in until if "marker" in n]
    assert sum(before.values()) <= BEFORE_THE_TAP, table(before)
    assert sum(until.values()) <= OF_A_PORTRAIT, table(until)


def test_who_reads_for_a_while_has_fetched_no_more_than_is_needed(compressed: Studio) -> None:
    before, until = weigh(compressed.page("astronaut"), reading=5000)

    # all that the tap needs is there by then, so it need not wait for it
    assert [name for name in before if "aframe" in name] and [n for n in before if "marker" in n]
    assert sum(until.values()) <= OF_A_PORTRAIT, table(until)


def test_who_saves_data_fetches_nothing_heavy_before_the_tap(compressed: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL), (390, 844), service_workers="block") as page:
        page.add_init_script(SAVING)
        scale = Scale(page)
        page.goto(compressed.page("astronaut"), wait_until="load")
        page.wait_for_timeout(5000)
        before = {**scale.weights, **worker_weights(page)}

    assert not [name for name in before if re.search(r"/vendor/aframe.*js$|/marker|/video", name)]
    assert sum(before.values()) <= BEFORE_THE_TAP, table(before)


@pytest.mark.parametrize("count", [5, 2])
def test_an_album_weighs_no_more(compressed: Studio, count: int) -> None:
    before, until = weigh(album_of(compressed, count))

    assert [name for name in until if "marker" in name]
    assert len([name for name in until if "/photo" in name]) == count  # pictures of all of them
    assert sum(before.values()) <= BEFORE_THE_TAP, table(before)
    assert sum(until.values()) <= BEFORE_THE_VIDEO, table(until)


@pytest.fixture(scope="module")
def large_album(compressed: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an order that came in as a folder, the astronaut first."""
    folder = tmp_path_factory.mktemp("class")
    others = albums.crops(LARGE - 1, but=("astronaut",))
    short = samples.plain_video(tmp_path_factory.mktemp("film") / "short.mp4")
    for number, picture in enumerate([pictures.astronaut(), *others]):
        (folder / f"{number:02}.jpg").write_bytes(pictures.jpeg(picture))
        shutil.copy(short, folder / f"{number:02}.mp4")
    owner = ["--client", "Class", "--phone", "+79160000001", "--order", "class"]
    compressed.installation.flask("portraits", "import-folder", str(folder), *owner)
    with rows_of(compressed.installation.instance):
        # of this order: others of the studio may never be ready
        ready = select(Video.id).join(Portrait).join(Order).where(Order.number == "class")
        ready = ready.where(Portrait.status == PortraitStatus.READY)
        ready = ready.where(Video.status == VideoStatus.READY)
        for _ in range(600):
            if len(db.session.scalars(ready).all()) == LARGE:
                break
            db.session.rollback()
            time.sleep(0.5)
        else:
            raise AssertionError(f"{len(db.session.scalars(ready).all())} of {LARGE} are ready")
        named = select(PublicCode.code).join(Order, Order.id == PublicCode.order_id)
        code = db.session.scalars(named.where(Order.number == "class")).one()
    return f"{compressed.installation.url}/v/{code}"


def test_of_a_large_album_no_picture_is_fetched_that_is_not_seen(large_album: str) -> None:
    before, until = weigh(large_album)

    assert len([name for name in until if "/photo" in name]) <= IN_THE_STRIP
    assert sum(before.values()) <= BEFORE_THE_TAP, table(before)
    assert sum(until.values()) <= BEFORE_THE_VIDEO, table(until)


def album_of(studio: Studio, count: int) -> str:
    """The address of an order of so many of the studio's portraits, the astronaut among them."""
    names = ["astronaut", *(name for name in pictures.PICTURES if name != "astronaut")][:count]
    with rows_of(studio.installation.instance):
        order = make_order(number=f"A{count}")
        for name in names:
            portrait = db.session.get_one(Portrait, UUID(studio.portraits[name]["portrait"]))
            portrait.order_id = order.id
        db.session.commit()
        code = make_public_code(order_id=order.id).code
    return f"{studio.installation.url}/v/{code}"


def worker_weights(page: Page) -> dict[str, int]:
    """What the Worker fetched, which the page's own session does not see."""
    (worker,) = page.workers
    entries = worker.evaluate(
        "performance.getEntriesByType('resource').map((e) => [e.name, e.transferSize])"
    )
    script = 400 + len(brotli.compress(source_of(FOLDER / "ar/worker.js")))  # and its headers
    own = {"/worker.js": script}
    for name, size in entries:
        path = without_release(urlsplit(name).path)
        own[path] = own.get(path, 0) + int(size)
    return own
