"""Every state of the customer's page, and what brings a phone there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from tests.browser.conftest import Studio
from tests.browser.phones import STRANGE_HOST, Phones
from tests.browser.waiting import until

WITHIN = 30_000  # ms

_ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A556B Build/UP1A.231005.007; wv) AppleWebKit/537.36 "
_ANDROID += "(KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.104 Mobile Safari/537.36"
_IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 "
_IOS += "(KHTML, like Gecko)"
CHROME_ON_ANDROID = _ANDROID.replace("; wv", "").replace("Version/4.0 ", "")
SAFARI_ON_IOS = f"{_IOS} Version/17.5 Mobile/15E148 Safari/604.1"

# What the browsers inside apps say of themselves.
_SAMSUNG = "samsung; SM-A556B; a55x; s5e8845; de_DE"
_FACEBOOK_ON_IOS = "[FBAN/FBIOS;FBAV/471.1.0.34.104;FBBV/620121443;FBDV/iPhone14,5;FBSV/17.5.1]"
_TIKTOK = "NetType/WIFI ByteLocale/de BytedanceWebview/d8a21c6"
APPS = {
    ("telegram", "android"): f"{_ANDROID} Telegram-Android/11.4.2 (Samsung SM-A556B; SDK 34; HIGH)",
    ("telegram", "ios"): f"{_IOS} Version/17.5 Mobile/15E148 Safari/604.1 Telegram-iOS/11.4",
    ("instagram", "android"): f"{_ANDROID} Instagram 358.0.0.51.97 Android (34/14; {_SAMSUNG})",
    ("instagram", "ios"): f"{_IOS} Mobile/21F90 Instagram 342.0.8.30.91 (iPhone14,5; iOS 17_5_1)",
    ("facebook", "android"): f"{_ANDROID} [FB_IAB/FB4A;FBAV/490.0.0.63.82;IABMV/1;]",
    ("facebook", "ios"): f"{_IOS} Mobile/21F90 {_FACEBOOK_ON_IOS}",
    ("vk", "android"): f"{_ANDROID} VKAndroidApp/8.103-24561 (Android 14; SDK 34; arm64-v8a)",
    ("vk", "ios"): f"{_IOS} Mobile/15E148 com.vk.vkclient/5621 VK/8.104 (iPhone; iOS 17.5.1)",
    ("whatsapp", "android"): f"{_ANDROID} WhatsApp/2.24.24.78 A",
    ("whatsapp", "ios"): f"{_IOS} Mobile/15E148 WhatsApp/24.24.79",
    ("tiktok", "android"): f"{_ANDROID} trill_370802 JsSdk/1.0 {_TIKTOK}",
    ("tiktok", "ios"): f"{_IOS} Mobile/15E148 musical_ly_37.8.0 JsSdk/2.0 {_TIKTOK}",
    ("max", "android"): f"{_ANDROID} MAX/25.9.0 (Android 14; ru.oneme.app)",
    ("max", "ios"): f"{_IOS} Mobile/15E148 MAX/25.9.0 (ru.oneme.app)",
    ("app", "android"): _ANDROID,
}

Step = Callable[[Page], Any]


def tap(page: Page) -> None:
    """Start."""
    page.click("#start")


def watch(page: Page) -> None:
    """Watch without the camera."""
    page.click("#watch")


def lose_the_line(page: Page) -> None:
    """Start when there is no connection any more."""
    page.context.set_offline(True)
    tap(page)


def see_the_end(page: Page) -> None:
    """Watch on the print until the video ends."""
    tap(page)
    page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
    film = "document.querySelector('#portrait-video')"
    until(page, f"{film}.currentTime > 0")
    page.evaluate(f"{film}.currentTime = {film}.duration - 0.4")


def watch_in_the_plain_player(page: Page) -> None:
    """Watch without the camera, in the browser's own player."""
    watch(page)
    page.click("#plain")


def read_along(page: Page) -> None:
    """Watch on the print until there is something to be read."""
    tap(page)
    page.wait_for_selector("#captions:not([hidden])", timeout=WITHIN)


def stay_away(page: Page) -> None:
    """Come back when the camera has been given away meanwhile; test_hidden.py really does."""
    page.evaluate("document.dispatchEvent(new Event('camera-left'))")


def mistype(page: Page) -> None:
    """Enter a PIN that is not theirs."""
    page.fill("#pin", "0000")
    with page.expect_navigation():
        page.click("button[type=submit]")


def mistype_until_locked(page: Page) -> None:
    """Enter it until a pause is asked for."""
    for _ in range(6):
        mistype(page)


def lose_the_film(page: Page) -> None:
    """Watch without the camera, where the film cannot be had."""
    page.route("**/video/**", lambda route: route.fulfill(body="no film", content_type="video/mp4"))
    watch(page)


def _spoil_the_recogniser(route: Route) -> None:
    route.fulfill(body="not a program", content_type="application/wasm")


def _break_the_recogniser(page: Page) -> None:
    page.route("**/recogniser*.wasm*", _spoil_the_recogniser)


@dataclass(frozen=True)
class Case:
    """A state, and how a phone comes to it."""

    state: str
    reason: str = ""
    portrait: str = "astronaut"
    camera: str | Path = "astronaut"
    answer: str | None = "yes"
    script: str = ""  # run before the page's own
    prepare: Step | None = None
    step: Step | None = None
    at: str = "ready"  # the state in which the step is taken
    agent: str = ""
    strange: bool = False  # at a host to which browsers give no camera over http
    query: str = ""
    look: str = ""  # what tells it from another of the same state and reason

    @property
    def name(self) -> str:
        """For tests and pictures."""
        return "-".join(part for part in (self.state, self.reason, self.look) if part)

    def address(self, studio: Studio) -> str:
        """Where its page is."""
        url = (
            studio.page(self.portrait)
            if self.portrait
            else f"{studio.installation.url}/v/0000000000"
        )
        if self.strange:
            url = url.replace("127.0.0.1", STRANGE_HOST)
        return f"{url}{self.query}"

    @contextmanager
    def reached(self, studio: Studio, phones: Phones, **options: Any) -> Iterator[Page]:
        """A phone whose page is in this state."""
        if self.agent:
            options["user_agent"] = self.agent
        with phones.opened(self.camera, answer=self.answer, **options) as page:
            if self.script:
                page.add_init_script(self.script)
            if self.prepare:
                self.prepare(page)
            page.goto(self.address(studio))
            if self.step:
                page.wait_for_selector(f'body[data-state="{self.at}"]')
                self.step(page)
            page.wait_for_selector(f'body[data-state="{self.state}"]', timeout=WITHIN)
            if self.reason:
                page.wait_for_selector(f'body[data-reason="{self.reason}"]', timeout=WITHIN)
            yield page


BUSY = """
MediaDevices.prototype.getUserMedia =
  async () => { throw new DOMException('Could not start video source', 'NotReadableError'); };
"""
_SLOW_TO_SAY = "MediaDevices.prototype.enumerateDevices = () => new Promise(() => {});"
_PATIENT = (
    "const later = setTimeout; window.setTimeout = (f, ms) => later(f, ms === 700 ? 1e6 : ms);"
)
_HELD = "MediaDevices.prototype.getUserMedia = () => new Promise(() => {});"

AT_WORK = [
    Case("checking", script=_SLOW_TO_SAY + _PATIENT),
    Case("ready"),
    Case("starting", script=_HELD, step=tap),
    Case("scanning", portrait="chelsea", step=tap),
    Case("found", step=tap),
    Case("lost", portrait="chelsea", camera="changing", step=tap),
    Case("ended", portrait="once", step=see_the_end),
]
FALLBACKS = [
    Case("fallback", "asked", step=watch),
    Case("fallback", "not-found", portrait="chelsea", step=tap),
    Case("fallback", "camera-denied", answer="no"),
    Case("fallback", "camera-denied", answer="no", agent=CHROME_ON_ANDROID),
    Case("fallback", "camera-denied", answer="no", agent=SAFARI_ON_IOS),
    Case("fallback", "camera-denied", answer=None, step=tap),
    Case("fallback", "camera-missing", camera="none"),
    Case("fallback", "camera-busy", script=BUSY, step=tap),
    Case("fallback", "insecure", strange=True),
    Case("fallback", "no-wasm", script="delete window.WebAssembly;"),
    Case("fallback", "no-webgl", script="delete window.WebGL2RenderingContext;"),
    Case("fallback", "no-webgl", camera="undrawn", step=tap),
    Case("fallback", "unsupported", prepare=_break_the_recogniser, step=tap),
    Case("fallback", "offline", step=lose_the_line),
    Case("fallback", "not-recognisable", portrait="not-recognisable"),
    Case("fallback", "processing", portrait="processing"),
    Case("fallback", "processing", portrait="video-processing"),
    Case("fallback", "marker-failed", portrait="marker-failed"),
    Case("fallback", "no-video", portrait="no-video"),
    Case("error", "video", step=lose_the_film),
]
CLOSED = [
    Case("pin", "pin-needed", portrait="pin"),
    Case("paused", "paused", portrait="paused"),
    Case("later", "opens-later", portrait="later"),
    Case("expired", "expired", portrait="expired"),
    Case("deleted", "code-gone", portrait="deleted"),
    Case("unknown", "code-unknown", portrait=""),
]
WRONG_PINS = [
    Case("pin", "pin-wrong", portrait="pin-wrong", at="pin", step=mistype),
    Case("pin", "pin-locked", portrait="pin-locked", at="pin", step=mistype_until_locked),
]
# other looks of states that are above
LOOKS = [
    Case("ready", "away", step=stay_away),
    Case("ready", portrait="album", look="album"),
    Case("found", portrait="album", step=tap, look="album"),
    Case("found", portrait="captions", step=read_along, look="captions"),
    Case("found", portrait="silent", step=tap, look="silent"),
    Case("fallback", "asked", step=watch_in_the_plain_player, look="plain-player"),
    Case("fallback", "asked", portrait="album", step=watch, look="album"),
]
IN_APPS = {name: Case("fallback", "in-app", agent=agent) for name, agent in APPS.items()}
