"""A second scan of the same print: what the phone has kept, uses, and forgets."""

import dataclasses
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests import clips, pictures
from tests.browser import staff
from tests.browser.chromium import FLAGS, NOTES, driver, launched, showing
from tests.browser.conftest import Desk
from tests.browser.test_camera_trouble import MISSED
from tests.browser.waiting import until_played
from vertex import create_app
from vertex.extensions import db
from vertex.models import PublicCode
from vertex.services._transaction import atomic
from vertex.settings import Settings

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WITHIN = 30_000  # ms
CALM = 5000  # ms after which a page has told what it used

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const {url} of await (await caches.open(name)).keys()) found.push(url);
  return found;
}"""


@dataclasses.dataclass
class Phone:
    """A phone with a camera, and the print of its own that it has scanned once."""

    page: Page
    desk: Desk
    code: str
    portrait: str

    @property
    def address(self) -> str:
        return f"{self.desk.url}/v/{self.code}"

    def scan(self) -> None:
        self.page.goto(self.address)
        self.page.click("#start")
        self.page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)

    def kept(self, part: str = "") -> list[str]:
        """What lies in the caches of the service worker."""
        return [url for url in self.page.evaluate(KEPT) if part in url]

    def forget_http(self) -> None:
        """Leave it nothing but what the service worker has kept."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.clearBrowserCache")
        session.detach()

    def settle(self, part: str) -> None:
        """Wait until something of this address is kept."""
        for _ in range(60):
            if self.kept(part):
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(self.kept())

    @contextmanager
    def office(self) -> Iterator[Page]:
        """The portrait's page, as staff see it."""
        office = self.page.context.new_page()
        staff.sign_in(office, self.desk, f"/portraits/{self.portrait}")
        yield office
        office.close()


@contextmanager
def asked(desk: Desk) -> Iterator[list[tuple[str, int]]]:
    """Paths and statuses of what the server was asked meanwhile."""
    log = desk.installation.instance / "server.log"
    before = len(log.read_text())
    found: list[tuple[str, int]] = []
    yield found
    for line in log.read_text()[before:].splitlines():
        if '"path"' in line:
            entry = json.loads(line)
            found.append((entry["path"], entry["status"]))


def rule(office: Page, name: str, *, on: bool) -> None:
    """Set a rule of the portrait."""
    office.set_checked(f"#{name}", on)
    office.click("#rules_form button[type=submit]")
    office.wait_for_selector(".toast")


@pytest.fixture
def phone(desk: Desk) -> Iterator[Phone]:
    pictures.prepare([("astronaut", FRONTAL)])
    summary = desk.installation.import_portrait(desk.picture, desk.video)
    flags = FLAGS + showing(pictures.clip("astronaut", FRONTAL))
    with launched(driver(), flags, (390, 844)) as (context, _):
        phone = Phone(context.new_page(), desk, summary["code"], summary["portrait"])
        phone.page.add_init_script(NOTES)
        phone.scan()
        phone.settle(f"/v/{phone.code}/marker")
        phone.page.wait_for_timeout(CALM)
        phone.forget_http()
        yield phone


def test_it_fetches_the_page_and_the_film_alone(phone: Phone) -> None:
    with asked(phone.desk) as paths:
        phone.scan()
        phone.page.wait_for_timeout(CALM)

    fetched = [
        path for path, _ in paths if not re.search(r"/(video/.*|events|service-worker\.js)$", path)
    ]
    assert fetched == [f"/v/{phone.code}"]


# The film is missed before the camera opens.
SLOW = f"""
{MISSED}
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wish) {{
  await notes.missed;
  return open.call(this, wish);
}};
"""


def test_without_a_server_it_recognises_the_print(phone: Phone) -> None:
    phone.page.add_init_script(SLOW)
    phone.desk.installation.stop()
    try:
        phone.page.goto(f"{phone.address}?lang=ru")  # the kept one is better than none
        phone.page.click("#start")
        found: list[str] = []
        for _ in range(80):
            found = phone.page.evaluate("notes.events.map(({name}) => name)")
            if found:
                break
            phone.page.wait_for_timeout(250)
        photo = phone.page.evaluate("document.querySelector('#photo').naturalWidth")
    finally:
        phone.desk.installation.start()

    assert found[:1] == ["targetFound"]
    assert photo > 0


@pytest.mark.parametrize(
    ("what", "state"),
    [("paused", "paused"), ("binned", "deleted"), ("erased", "deleted"), ("pin", "pin")],
)
def test_what_is_taken_away_is_forgotten(phone: Phone, what: str, state: str) -> None:
    assert phone.kept(f"/v/{phone.code}")
    with phone.office() as office:
        if what == "paused":
            rule(office, "paused", on=True)
        elif what == "pin":
            office.fill("#pin", "2468")
            office.click("#rules_form button[type=submit]")
            office.wait_for_selector(".toast")
        elif what == "binned":
            with office.expect_navigation():
                office.evaluate(
                    f"document.querySelector('form[action$=\"{phone.portrait}/delete\"]').submit()"
                )
        else:
            erase(phone)

    answer = phone.page.goto(phone.address)

    assert answer is not None
    expected = {"binned": 404, "erased": 410}.get(what, 403)
    assert answer.status == expected
    assert phone.page.get_attribute("body", "data-state") == state
    assert not phone.kept(f"/v/{phone.code}")
    assert phone.kept("/worker.js")


def erase(phone: Phone) -> None:
    """Leave the code without what it named, as erasing a client for good does."""
    app = create_app(Settings(instance=phone.desk.installation.instance, testing=True))
    with app.app_context(), atomic():
        named = db.session.scalars(select(PublicCode).filter_by(code=phone.code)).one()
        named.portrait_id = None
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_behind_a_pin_nothing_is_kept(phone: Phone) -> None:
    with phone.office() as office:
        office.fill("#pin", "2468")
        office.click("#rules_form button[type=submit]")
        office.wait_for_selector(".toast")
    page = phone.page
    page.goto(phone.address)
    page.fill("#pin", "2468")
    with page.expect_navigation():
        page.click("button[type=submit]")
    page.click("#start")
    page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
    page.wait_for_timeout(CALM)

    assert not phone.kept(f"/v/{phone.code}")


def test_a_kept_page_that_is_not_to_be_seen_goes_as_soon_as_the_server_says_so(
    phone: Phone,
) -> None:
    with phone.office() as office:
        rule(office, "paused", on=True)
    server = phone.desk.installation.worker_pid
    os.kill(server, signal.SIGSTOP)
    try:
        phone.page.goto(phone.address)
        shown = phone.page.get_attribute("body", "data-state")
    finally:
        os.kill(server, signal.SIGCONT)
    phone.page.wait_for_selector('body[data-state="paused"]', timeout=WITHIN)

    assert shown in ("checking", "ready")
    assert not phone.kept(f"/v/{phone.code}")


def test_a_film_is_kept_only_while_the_studio_allows_it(phone: Phone) -> None:
    with phone.office() as office:
        assert not phone.kept("/video/")
        rule(office, "kept_offline", on=True)
        phone.scan()
        phone.settle("/video/")
        phone.forget_http()
        phone.desk.installation.stop()
        phone.page.reload()
        phone.page.click("#start")
        phone.page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
        played = 0.0
        for _ in range(40):
            played = phone.page.evaluate("document.querySelector('#portrait-video').currentTime")
            if played > 0.5:
                break
            phone.page.wait_for_timeout(250)
        part = phone.page.evaluate(
            """async () => {
              const {src} = document.querySelector('#portrait-video');
              const answer = await fetch(src, {headers: {Range: 'bytes=4-7'}});
              return [answer.status, answer.headers.get('Content-Range'), await answer.text()];
            }"""
        )
        phone.desk.installation.start()
        rule(office, "kept_offline", on=False)

    phone.page.goto(phone.address)
    for _ in range(40):
        if not phone.kept("/video/"):
            break
        phone.page.wait_for_timeout(250)

    assert played > 0.5
    assert (part[0], part[1][:10], part[2]) == (206, "bytes 4-7/", "ftyp")
    assert not phone.kept("/video/")
    assert phone.kept(f"/v/{phone.code}/marker")


def test_who_saves_data_keeps_no_film(phone: Phone) -> None:
    page = phone.page
    with phone.office() as office:
        rule(office, "kept_offline", on=True)
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    phone.scan()
    until_played(page, 5)  # more than half of it, after which others keep it
    page.wait_for_timeout(CALM)

    assert phone.kept(f"/v/{phone.code}/marker") and not phone.kept("/video/")


def test_a_film_that_is_not_kept_is_not_fetched_twice(phone: Phone) -> None:
    with asked(phone.desk) as paths:
        phone.scan()
        phone.page.wait_for_timeout(1500)
        phone.forget_http()  # or it would answer unheard
        phone.page.wait_for_timeout(10_000)  # all of the film, and the calm behind it

    # a player asks for parts
    assert {status for path, status in paths if "/video/" in path} == {206}


def test_it_never_keeps_more_than_thirty_codes_nor_another_release(phone: Phone) -> None:
    page = phone.page
    page.evaluate(
        """async () => {
          for (let i = 1e9; i < 1e9 + 35; i++) await caches.open(`vertex-code-${i}`);
        }"""
    )
    page.reload()
    page.wait_for_timeout(500)
    other = page.evaluate(
        "fetch('/static/r/0123456789ab/ar/page.js').then((answer) => answer.status)"
    )
    names = page.evaluate("caches.keys()")

    codes = [name for name in names if name.startswith("vertex-code-")]
    assert len(codes) == 30 and f"vertex-code-{phone.code}" in codes
    assert other == 200
    assert not phone.kept("/r/0123456789ab/") and phone.kept("/ar/page.js")


def test_a_video_that_is_closed_while_it_plays_says_so(phone: Phone) -> None:
    page = phone.page
    page.goto(phone.address + "?camera=no")
    with phone.office() as office:
        rule(office, "paused", on=True)

    page.bring_to_front()
    page.evaluate("document.querySelector('#portrait-video').src += '&again'")
    page.click("#play")

    page.wait_for_selector('body[data-state="paused"]', timeout=WITHIN)
