"""Each state of the customer's page says in words what is the matter, and leads on from there."""

import dataclasses
import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, Route

from tests.browser import states
from tests.browser.chromium import Witness
from tests.browser.conftest import Studio
from tests.browser.phones import DESK, RIGHT, WRONG, Phones
from tests.browser.waiting import until

WITHIN = 30_000  # ms
FILM = "document.querySelector('#portrait-video')"
PLAYS = f"{FILM}.currentTime > 0.2 && !{FILM}.paused"
NO_CAMERA = {"insecure", "no-wasm", "no-webgl", "unsupported", "offline"}  # of no use there
NO_FILM = {"no-video", "video-processing"}
HELD = {"instagram", "facebook", "tiktok"}  # apps that let nobody out but by their own menu


def named(cases: list[states.Case]) -> list[str]:
    return [f"{n}-{case.name}" for n, case in enumerate(cases)]


def play(page: Page) -> None:
    """By itself after a tap, else by one."""
    if page.is_visible("#play"):
        page.click("#play")
    until(page, PLAYS)


@pytest.mark.parametrize("case", states.FALLBACKS, ids=named(states.FALLBACKS))
def test_without_the_camera_there_are_words_and_the_film(
    ruled_studio: Studio, many_phones: Phones, case: states.Case
) -> None:
    with case.reached(ruled_studio, many_phones) as page:
        assert case.reason == "asked" or len(page.inner_text("#status")) > 20
        if case.portrait == RIGHT and case.state == "fallback":
            assert page.is_visible("#start") == (case.reason not in NO_CAMERA)
        if case.state == "error":
            assert page.is_visible("#open") and page.is_visible("#retry")
        elif case.portrait in NO_FILM:
            assert page.is_visible("#photo") and page.is_visible("#retry")
            assert not page.is_visible("#play") and not page.is_visible("#buttons")
        elif case.reason == "offline":
            page.context.set_offline(False)
            page.wait_for_selector('body[data-state="ready"]')
        else:
            play(page)
            photo, film = (page.locator(id).bounding_box() for id in ("#photo", "#portrait-video"))
            assert photo and film  # and they lie one on the other
            assert all(abs(photo[side] - film[side]) <= 1 for side in ("x", "y", "width", "height"))


@pytest.mark.parametrize("case", states.CLOSED, ids=named(states.CLOSED))
def test_a_closed_page_says_so_and_nothing_else(
    ruled_studio: Studio, many_phones: Phones, case: states.Case
) -> None:
    with case.reached(ruled_studio, many_phones) as page:
        assert page.inner_text("h1") != "" and len(page.inner_text("#words p")) > 20
        assert page.locator("img, video, script").count() == 0
        assert "Anna" not in page.content()
        if case.state == "later":
            assert re.search(r"\d{4}, \d\d:\d\d", page.inner_text("#words strong"))
        on = "button" if case.state == "pin" else "a.button"
        assert page.is_visible(f"#words {on}")


@pytest.mark.parametrize(("app", "system"), states.APPS, ids=lambda word: word)
def test_out_of_an_app_by_the_way_it_allows(
    ruled_studio: Studio, many_phones: Phones, app: str, system: str
) -> None:
    case = states.IN_APPS[app, system]
    with case.reached(ruled_studio, many_phones, permissions=["clipboard-read"]) as page:
        address = ruled_studio.page(RIGHT)
        page.wait_for_selector(f'body[data-app="{app}"]')  # by help.js, which comes then
        assert page.get_attribute("body", "data-system") == system
        assert page.is_visible("#help .steps[data-why='in-app']")
        if system == "android":
            out = page.get_attribute("#leave", "href") or ""
            assert page.is_visible("#leave") and out.startswith("intent://")
            assert f"{address.removeprefix('http://')}#Intent;scheme=http;" in out
        else:
            assert not page.is_visible("#leave")  # over http; see the test of ways out

        page.click("#copy")
        until(page, "document.querySelector('#status').textContent.includes('copied')")
        page.context.grant_permissions(["clipboard-read"])
        assert page.evaluate("navigator.clipboard.readText()") == address


def test_the_steps_are_those_of_the_phone(ruled_studio: Studio, many_phones: Phones) -> None:
    shown = {}
    for case in states.FALLBACKS:
        if case.reason == "camera-denied" and case.answer == "no":
            with case.reached(ruled_studio, many_phones) as page:
                shown[case.agent] = page.eval_on_selector_all(
                    "#help .steps", "all => all.filter(e => e.offsetParent).map(e => e.dataset.on)"
                )
    assert shown == {
        "": ["desk"], states.CHROME_ON_ANDROID: ["android"], states.SAFARI_ON_IOS: ["ios"]
    }  # fmt: skip


WAYS_OUT = """
async ([address, system, app]) => {
  const script = [...document.querySelectorAll('link[rel="modulepreload"]')]
    .map(({href}) => href).find((href) => href.includes('/apps.js'));
  return (await import(script)).wayOut(address, system, app);
}
"""


def test_ways_out_of_apps_on_ios(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened() as page:
        page.goto(ruled_studio.page(RIGHT))
        address = "https://studio.example/v/0123456789?lang=ru"
        ways = {
            app: page.evaluate(WAYS_OUT, [address, "ios", app])
            for app, system in states.APPS
            if system == "ios"
        }
    assert {app for app, way in ways.items() if not way} == HELD
    assert {way for way in ways.values() if way} == {f"x-safari-{address}"}


SECURE = "https://studio.example"


@pytest.mark.parametrize("app", [app for app, system in states.APPS if system == "ios"])
def test_out_of_an_app_on_an_iphone(ruled_studio: Studio, many_phones: Phones, app: str) -> None:
    def pass_on(route: Route) -> None:
        if route.request.method != "GET":  # what it tells of the visit
            route.abort()
            return
        here = route.request.url.replace(SECURE, ruled_studio.installation.url)
        with urlopen(here) as answer:  # noqa: S310 - our own http address
            route.fulfill(headers=dict(answer.headers), body=answer.read())

    with many_phones.opened(user_agent=states.APPS[app, "ios"]) as page:
        page.route(f"{SECURE}/**", pass_on)
        address = f"{SECURE}/v/{ruled_studio.portraits[RIGHT]['code']}"
        page.goto(address)
        page.wait_for_selector('body[data-reason="in-app"]')
        until(page, f"document.querySelector('#address').value === {address!r}")

        assert page.is_visible("#help .steps[data-why='in-app']")
        if app in HELD:
            assert not page.is_visible("#leave")  # the steps say how
        else:
            assert page.is_visible("#leave")
            assert page.get_attribute("#leave", "href") == f"x-safari-{address}"
        page.unroute_all(behavior="ignoreErrors")


def test_in_order_from_the_first_words_to_the_film(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    with many_phones.opened(service_workers="allow") as page:
        page.add_init_script(NOTED)
        witness = Witness(page, ruled_studio.installation.url)
        page.goto(ruled_studio.page(RIGHT))
        page.wait_for_selector('body[data-state="ready"]')
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)

        order = ["ready", "checking", "ready", "starting", "scanning", "found"]
        assert page.evaluate("notes.states") == order
        assert page.inner_text("#status") != ""  # read out, though not seen
        witness.nothing_happened()


NOTED = """
notes.states = [];
const seen = (state) => state && notes.states.at(-1) !== state && notes.states.push(state);
new MutationObserver((changes) => {
  for (const {target, oldValue} of changes) if (target === document.body) seen(oldValue);
  seen(document.body?.dataset.state);
}).observe(document, {subtree: true, attributeFilter: ['data-state'], attributeOldValue: true});
"""


def test_found_and_lost_are_read_out_in_words_of_their_own(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    lost = next(case for case in states.AT_WORK if case.state == "lost")
    with dataclasses.replace(lost, script=READ_OUT).reached(ruled_studio, many_phones) as page:
        said = dict(page.evaluate("notes.said"))
        role = page.get_attribute("#status", "role")

    assert role == "status"
    words = [said[state] for state in ("scanning", "found", "lost")]
    assert len(set(words)) == 3 and all(words), said


# What is written where it is read out, while it is not hidden from those who listen.
READ_OUT = """
notes.said = [];
new MutationObserver(() => {
  const line = document.querySelector('#status');
  if (line?.checkVisibility({visibilityProperty: true}) && line.textContent)
    notes.said.push([document.body.dataset.state, line.textContent]);
}).observe(document, {subtree: true, childList: true, characterData: true});
"""


def test_a_tap_while_the_phone_is_still_being_looked_at_counts(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    checking = states.AT_WORK[0]
    with checking.reached(ruled_studio, many_phones) as page:
        page.click("#start")
        page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)


@pytest.fixture
def changing(ruled_studio: Studio, many_phones: Phones) -> Iterator[Page]:
    """A phone that is pointed at the wrong print, then at the right one, then away."""
    with many_phones.opened("changing") as page:
        page.goto(ruled_studio.page(RIGHT))
        page.click("#start")
        yield page


def test_the_wrong_print_leads_to_the_film_and_the_right_one_still_comes_alive(
    changing: Page,
) -> None:
    changing.wait_for_selector("#tip:not([hidden])")
    tips = {changing.inner_text("#tip")}
    for _ in range(100):
        if changing.evaluate("document.body.dataset.state") != "scanning":
            break
        tips.add(changing.text_content("#tip") or "")
        changing.wait_for_timeout(100)

    assert len(tips) >= 2  # one by one
    assert changing.evaluate("document.body.dataset.reason") == "not-found"
    until(changing, PLAYS)
    changing.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
    until(changing, PLAYS)
    changing.wait_for_selector('body[data-state="lost"]', timeout=WITHIN)
    assert changing.is_visible("#status") and changing.is_visible("#ghost")
    assert changing.evaluate(f"{FILM}.paused")


def test_the_ghost_has_the_shape_of_the_print(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened(RIGHT) as page:
        page.goto(ruled_studio.page(WRONG))
        page.click("#start")
        page.wait_for_selector('body[data-state="scanning"]', timeout=WITHIN)
        ghost = page.locator("#ghost").bounding_box()
    assert ghost and ghost["width"] / ghost["height"] == pytest.approx(902 / 600, rel=0.02)


def test_without_scripts_there_is_a_player_that_plays(
    ruled_studio: Studio, many_phones: Phones
) -> None:
    with many_phones.opened(size=DESK, scripts=False) as page:
        page.goto(ruled_studio.page(RIGHT))
        assert page.is_visible("#photo") and page.inner_text("h1") == "Anna"
        player = page.locator("noscript video")
        player.focus()
        with page.expect_response(re.compile("/video/")) as answer:
            page.keyboard.press("Space")  # the player's own key
        assert answer.value.status in (200, 206)
        before = page.screenshot()
        for _ in range(40):
            if page.screenshot() != before:
                break
            page.wait_for_timeout(250)
        assert page.screenshot() != before
        for name in ("#start", "#play", "#controls"):
            assert not page.is_visible(name)


def test_the_other_language_is_one_tap_away(ruled_studio: Studio, many_phones: Phones) -> None:
    with many_phones.opened() as page:
        page.goto(ruled_studio.page(RIGHT))
        page.click("#languages a")
        page.wait_for_url("**?lang=ru")
        assert page.get_attribute("html", "lang") == "ru"
        assert page.inner_text("#start") == "Начать"
        page.click("#languages a")
        page.wait_for_url("**?lang=en")
        assert page.inner_text("#start") == "Start"
