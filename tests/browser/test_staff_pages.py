"""The staff's pages in a real Chromium: parts that are swapped, troubles, and what all can use."""

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route

from tests.browser import staff
from tests.browser.axe import judge
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Desk
from tests.factories import make_job, make_notification
from tests.web.staff import PASSWORD
from vertex import create_app
from vertex.extensions import db
from vertex.models import Job, JobState, utcnow
from vertex.services import accounts, clients
from vertex.services._transaction import atomic
from vertex.services.audit import CLI
from vertex.settings import Settings

pytestmark = pytest.mark.xdist_group("staff-pages")

ROOT = Path(__file__).parents[2]
DESK, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def full_desk(desk: Desk) -> Desk:
    """A studio with a portrait and some clients."""
    with opened(size=DESK) as page:
        staff.sign_in(page, desk, "/portraits/new")
        page.fill("#client", "Анна Семёнова")
        page.fill("#phone", "+7 916 123-45-67")
        staff.choose_files(page, desk.picture, desk.video)
        staff.send(page)
        staff.wait_for_marker(page)
    with app_of(desk):
        for n in range(33):
            details = clients.Details(name=f"Client {n:02}", phone=f"+1 202 555 01{n:02}")
            clients.create(details, actor=CLI)
        make_job(state=JobState.CANCELLED)
        make_notification(user_id=accounts.get_by_name("olga").id)
    return desk


@pytest.fixture
def page(full_desk: Desk) -> Iterator[Page]:
    """Olga's browser, signed in."""
    with opened(size=DESK) as page:
        staff.sign_in(page, full_desk)
        yield page


def names(page: Page) -> list[str]:
    return page.locator("#client_rows .main").all_inner_texts()


class TestSearch:
    def test_swaps_the_rows_and_keeps_the_cursor(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients")
        page.click("#search")

        page.keyboard.type("семенова", delay=20)

        page.wait_for_selector("#client_rows:not(:has-text('Client 00'))")
        assert names(page) == ["Анна Семёнова"]
        assert staff.focused(page) == "search"
        assert page.input_value("#search") == "семенова"
        page.wait_for_url("**/clients?q=*")

    def test_back_brings_the_whole_page_back(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients")
        page.fill("#search", "Client 07")
        page.wait_for_url("**/clients?q=*")
        page.wait_for_selector("#client_rows:not(:has-text('Client 00'))")
        page.click("#client_rows >> text=Client 07")
        page.wait_for_selector("h1:has-text('Client 07')")

        page.go_back()
        page.wait_for_selector("#search")
        assert names(page) == ["Client 07"]
        page.go_back()
        page.wait_for_selector("#client_rows:has-text('Client 00')")

        assert page.locator("nav.nav").count() == 1

    def test_only_the_last_of_many_questions_counts(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients")
        held: list[Route] = []
        page.route(re.compile(r"/clients\?q=Client(%20|\+)1$"), lambda route: held.append(route))
        page.fill("#search", "Client 1")
        page.wait_for_timeout(600)
        page.fill("#search", "Client 13")
        page.wait_for_selector("#client_rows:not(:has-text('Client 00'))")
        for route in held:
            with contextlib.suppress(Error):  # the browser has dropped it, which is the point
                route.continue_()
        page.wait_for_timeout(500)

        assert held
        assert "Client 13" in names(page)
        assert "Client 10" not in names(page)

    def test_more_rows_come_when_the_end_is_seen(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients")
        assert len(names(page)) == 30

        page.mouse.wheel(0, 10_000)
        page.wait_for_selector("#client_rows:has-text('Анна Семёнова')")

        assert len(names(page)) == 34
        assert page.locator("#client_more").count() == 0


HEAR = """
for (const name of ['beforeSend', 'sendAbort'])
  document.body.addEventListener(`htmx:${name}`, ({target}) => void hear(`${name} ${target.id}`));
"""


class TestForms:
    def test_a_field_is_judged_when_it_is_left(self, page: Page, full_desk: Desk) -> None:
        # whoever may be meant would stand before the next field, sooner or later
        page.route("**/clients/new?*", lambda route: route.fulfill(status=204))
        page.goto(f"{full_desk.url}/clients/new")
        page.fill("#phone", "+7 916 123-45-67")
        page.press("#phone", "Tab")

        page.wait_for_selector("#phone_error:has-text('belongs to Анна Семёнова')")

        assert page.get_attribute("#phone", "aria-invalid") == "true"
        assert staff.focused(page) == "email"

    def test_each_field_is_judged_on_a_slow_line_too(self, page: Page, full_desk: Desk) -> None:
        asked: list[Route] = []
        page.route("**/orders/check", lambda route: asked.append(route))
        page.goto(f"{full_desk.url}/orders/new")
        for field, words in (("phone", "nobody"), ("price", "much")):
            page.fill(f"#{field}", words)
            page.press(f"#{field}", "Tab")
        for _ in range(50):
            if len(asked) == 2:
                break
            page.wait_for_timeout(100)
        for route in asked:
            route.continue_()

        page.wait_for_selector("#phone_error:not(:empty)")
        page.wait_for_selector("#price_error:has-text('not an amount')")

    def test_who_saves_waits_for_no_check(self, page: Page, full_desk: Desk) -> None:
        page.route("**/clients/check", lambda route: None)  # never answered
        heard: list[str] = []
        page.expose_function("hear", lambda what: heard.append(what))
        page.goto(f"{full_desk.url}/clients/new")
        page.evaluate(HEAR)
        page.fill("#name", "Ines")
        page.fill("#phone", "+1 202 555 0143")
        page.press("#phone", "Enter")

        page.wait_for_selector("h1:has-text('Ines')")
        before = heard[: heard.index("beforeSend client_form")]
        assert {"sendAbort name", "sendAbort phone"} <= set(before)

    def test_a_button_that_moves_while_it_is_held_is_pressed(
        self, page: Page, full_desk: Desk
    ) -> None:
        def write(name: str, phone: str) -> None:
            page.goto(f"{full_desk.url}/clients/new")
            page.fill("#name", name)
            page.fill("#phone", phone)

        write("Quentin Moved", "+45 32 12 77 01")
        page.click("button:has-text('Save')")
        page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}$"))
        write("Quentin", "+45 32 12 77 02")
        button = page.locator("button:has-text('Save')")
        before = button.bounding_box()
        assert before
        page.mouse.move(before["x"] + 9, before["y"] + 9)
        page.mouse.down()
        page.wait_for_selector("#similar_clients a:has-text('Quentin Moved')")
        after = button.bounding_box()
        assert after and after["y"] > before["y"] + 9  # it is no longer where the mouse is
        page.mouse.up()

        page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}$"))
        assert page.inner_text("h1") == "Quentin"

    def test_the_first_wrong_field_gets_the_cursor(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients/new")
        page.fill("#name", "Gina")

        page.click("button:has-text('Save')")
        page.wait_for_selector("#phone_error:not(:empty)")

        page.wait_for_selector("#phone:focus")
        assert page.input_value("#name") == "Gina"

    def test_those_who_may_be_meant_are_shown(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients/new")

        page.type("#name", "семен")

        page.wait_for_selector("#similar_clients a:has-text('Анна Семёнова')")
        assert staff.focused(page) == "name"

    def test_one_of_them_is_taken_over_into_an_upload(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/portraits/new")
        page.set_input_files("#portrait", full_desk.picture)
        page.type("#client", "семен")

        page.click("#known_clients a")

        assert page.input_value("#phone") == "+79161234567"
        assert page.evaluate("document.querySelector('#portrait').files.length") == 1

    def test_a_double_click_sends_once(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients/new")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
        page.fill("#name", "Hanna")
        page.fill("#phone", "+1 202 555 0199")

        page.dblclick("button:has-text('Save')")
        page.wait_for_selector("h1:has-text('Hanna')")

        assert len([line for line in sent if line == f"POST {full_desk.url}/clients/new"]) == 1

    def test_who_saves_second_sees_both_texts(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients?q=Client+05")
        page.click("#client_rows >> text=Client 05")
        page.click("text=Edit")
        other = page.context.new_page()
        other.goto(page.url)
        for one, words in ((other, "first words"), (page, "second words")):
            one.fill("#notes", words)
            one.click("button:has-text('Save')")
            one.wait_for_timeout(700)

        page.wait_for_selector("#both_texts:has-text('first words')")
        assert page.input_value("#notes") == "second words"
        page.click("button:has-text('Save')")
        page.wait_for_selector("dd:has-text('second words')")


class TestBin:
    def test_a_row_goes_and_undo_brings_it_back(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients?q=Client+09")
        before = page.inner_text("#client_count")

        page.click("button[aria-label='Move Client 09 to the bin']")
        page.wait_for_selector(".toast:has-text('Client 09 is in the bin.')")
        page.wait_for_selector(f"#client_count:not(:has-text('{before}'))")
        assert names(page) == []
        page.click(".toast >> text=Undo")
        page.wait_for_selector(".toast:has-text('Client 09 is back.')")

        page.wait_for_selector(f"#client_count:has-text('{before}')")
        page.wait_for_selector("#client_rows:has-text('Client 09')")


def test_a_hidden_page_does_not_ask(page: Page, full_desk: Desk) -> None:
    portrait = pages(page, full_desk)[4]
    page.goto(f"{full_desk.url}{portrait}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("hx-target", "")))
    page.evaluate(PRETEND_TO_WAIT)

    page.evaluate(HIDE.replace("HIDDEN", "true"))
    page.wait_for_timeout(1500)
    hidden = asked.count("marker_state")
    page.evaluate(HIDE.replace("HIDDEN", "false"))
    page.wait_for_selector("#marker_state:not([data-poll])")

    assert hidden == 0
    assert asked.count("marker_state") == 1


PRETEND_TO_WAIT = """
const part = document.querySelector('#marker_state');
for (const [name, value] of [['hx-get', location.pathname], ['hx-target', '#marker_state'],
  ['hx-swap', 'outerHTML'], ['hx-trigger', 'load delay:1s, poll'], ['data-poll', '']])
  part.setAttribute(name, value);
htmx.process(part);
"""
HIDE = """
Object.defineProperty(document, 'hidden', {value: HIDDEN, configurable: true});
document.dispatchEvent(new Event('visibilitychange'));
"""


class TestJobs:
    @pytest.fixture
    def job(self, full_desk: Desk) -> Iterator[Job]:
        """A job that is due tomorrow, which nobody will run meanwhile."""
        with app_of(full_desk):
            yield make_job(kind="test", run_at=utcnow() + timedelta(days=1))

    def test_are_cancelled_and_tried_again_in_their_row(
        self, page: Page, full_desk: Desk, job: Job
    ) -> None:
        page.goto(f"{full_desk.url}/jobs")
        row = f"#job_{job.id}"

        page.click(f"{row} button:has-text('Cancel')")
        page.wait_for_selector(f"{row} .wide .chip:has-text('Cancelled')")
        page.wait_for_selector(".toast:has-text('It is cancelled.')")
        page.click(f"{row} button:has-text('Try again')")

        page.wait_for_selector(f"{row} button:has-text('Cancel')")
        page.wait_for_selector(".toast:has-text('It is tried again.')")

    def test_show_how_they_go_on_until_they_have_ended(
        self, page: Page, full_desk: Desk, job: Job
    ) -> None:
        change(job, state=JobState.RUNNING, lease_until=job.run_at, progress=0.25)
        page.goto(f"{full_desk.url}/jobs?state=running")
        bar = page.locator(f"#job_{job.id} .wide progress")
        assert bar.get_attribute("value") == "0.25"

        change(job, progress=0.75)
        page.wait_for_selector(f"#job_{job.id} .wide progress[value='0.75']")
        change(job, state=JobState.DONE, lease_until=None, finished_at=utcnow())
        page.wait_for_selector("#job_rows:has-text('Nothing is left here.')")

        assert page.locator("#job_rows[data-poll]").count() == 0


@contextlib.contextmanager
def app_of(desk: Desk) -> Iterator[None]:
    """The studio's database, for what no page can do."""
    with create_app(Settings(instance=desk.installation.instance)).app_context():
        yield
        db.engine.dispose()


def change(job: Job, **values: object) -> None:
    """Change a job as its worker would."""
    with atomic():
        for name, value in values.items():
            setattr(db.session.get_one(Job, job.id), name, value)


class TestTroubles:
    def test_no_network_is_told(self, page: Page, full_desk: Desk) -> None:
        page.goto(f"{full_desk.url}/clients/new")
        page.fill("#name", "Ida")
        page.context.set_offline(True)

        page.click("button:has-text('Save')")

        page.wait_for_selector(".toast.wrong:has-text('There is no connection')")
        assert page.input_value("#name") == "Ida"

    @pytest.mark.parametrize("status", [500, 502, 413])
    def test_what_is_not_our_answer_is_not_swapped_in(
        self, page: Page, full_desk: Desk, status: int
    ) -> None:
        page.goto(f"{full_desk.url}/clients")
        page.route("**/clients?q=*", lambda route: route.fulfill(status=status, body="<h1>x</h1>"))

        page.fill("#search", "anna")

        page.wait_for_selector(".toast.wrong:has-text('Something went wrong')")
        assert "Client 00" in page.inner_text("#client_rows")

    def test_an_expired_session_leads_to_the_sign_in_and_back(
        self, page: Page, full_desk: Desk
    ) -> None:
        page.goto(f"{full_desk.url}/clients")
        page.context.clear_cookies()

        page.fill("#search", "Client 01")
        page.wait_for_selector("#password")
        page.fill("#username", "olga")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")

        page.wait_for_url("**/clients*")

    def test_a_link_is_copied(self, page: Page, full_desk: Desk) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{full_desk.url}/portraits")
        page.click(".card-text a >> nth=0")
        page.wait_for_selector("#link")

        page.click("text=Copy the link")
        page.wait_for_selector(".toast:has-text('Copied.')")

        assert page.evaluate("navigator.clipboard.readText()") == page.input_value("#link")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_serious_is_found_by_axe(
    full_desk: Desk, axe: str, colours: str, size: tuple[int, int]
) -> None:
    found = []
    with opened(size=size, colours=colours) as page:
        witness = Witness(page, full_desk.url)
        page.goto(f"{full_desk.url}/login")
        found += judge(page, axe)
        staff.sign_in(page, full_desk)
        for path in pages(page, full_desk):
            page.goto(f"{full_desk.url}{path}")
            page.wait_for_timeout(400)  # a notice has come in
            found += judge(page, axe)
        page.goto(f"{full_desk.url}/clients/new")
        page.fill("#phone", "12")
        page.click("button:has-text('Save')")
        page.wait_for_selector("#name_error:not(:empty)")
        found += judge(page, axe)
        witness.errors = [error for error in witness.errors if "422" not in error]
        witness.nothing_happened()

    assert not found


def pages(page: Page, desk: Desk) -> list[str]:
    """The address of every kind of page."""
    page.goto(f"{desk.url}/portraits")
    portrait = page.get_attribute(".card-text a", "href") or ""
    page.goto(f"{desk.url}{portrait}")
    code = page.inner_text(".code")
    client = page.get_attribute(".heading a[href^='/clients/']", "href") or ""
    empty = ["/clients?q=nobody", "/clients?bin=1", "/portraits?bin=1"]
    forms = ["/clients/new", f"{client}/edit", "/portraits/new", "/account", "/settings"]
    customers = [f"/v/{code}?camera=no"]
    work = ["/jobs", "/jobs?state=cancelled", "/notifications", "/dev/ui/job-rows"]
    lists = ["/", "/clients", client, "/portraits", portrait]
    return [*lists, "/dev/ui", *work, *empty, *forms, *customers]
