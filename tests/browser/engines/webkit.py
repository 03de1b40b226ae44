"""A real WebKitGTK, spoken to by WebDriver (https://www.w3.org/TR/webdriver2/).

WebKitGTK's own small browser is driven, on a screen that nobody sees. It is the engine's page and
media code that is tried: Safari has another canvas, another camera and other codecs.
"""

import base64
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from typing import Any

from tests.browser.engines.page import Driven, JavascriptError
from tests.browser.engines.screen import program
from tests.servers.vertex_server import free_port

DRIVER = "/usr/bin/WebKitWebDriver"
_BROWSERS = "/usr/lib/*/webkit2gtk-4*/MiniBrowser"
_SCRIPT_SECONDS = 300

_RUN = """
const done = arguments[arguments.length - 1];
({source}).then((value) => done([value, null]), (error) => done([null, String(error)]));
"""
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key the standard gives to elements


class WebKit(Driven):
    """The only tab of a WebKitGTK browser."""

    engine = "WebKitGTK"

    def __init__(self, port: int, browser: str) -> None:
        self._base = f"http://127.0.0.1:{port}/session"
        options = {
            "binary": browser,
            "args": ["--automation"],
        }
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._ask("POST", "", {"capabilities": wanted})["sessionId"]
        self._base += f"/{session}"
        self._ask("POST", "/timeouts", {"script": _SCRIPT_SECONDS * 1000})

    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._ask("POST", "/url", {"url": url})

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, so that the page has about this one."""
        for _ in range(2):
            inner, outer = self.evaluate("[[innerWidth, innerHeight]]")[0], self._window()
            rect = {
                "width": outer["width"] + width - inner[0],
                "height": outer["height"] + height - inner[1],
            }
            self._ask("POST", "/window/rect", rect)

    def click(self, selector: str) -> None:
        """Click the middle of the first element that matches, as a hand would."""
        where = {"using": "css selector", "value": selector}
        element = self._ask("POST", "/element", where)[_ELEMENT]
        self._ask("POST", f"/element/{element}/click", {})

    def screenshot(self) -> bytes:
        """A PNG of what the window shows."""
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def close(self) -> None:
        """End the browser."""
        self._ask("DELETE", "")

    def _window(self) -> dict[str, int]:
        rect: dict[str, int] = self._ask("GET", "/window/rect")
        return rect

    def _answer(self, source: str) -> str:
        script = _RUN.format(source=source.strip())
        value, error = self._ask("POST", "/execute/async", {"script": script, "args": []})
        if error is not None:
            raise JavascriptError(error)
        return str(value)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own http address
            self._base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SCRIPT_SECONDS) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise RuntimeError(f"{path}: {refusal.read().decode()}") from None


def browser_path() -> str | None:
    """Where WebKitGTK's small browser is, or None."""
    return next(iter(sorted(glob(_BROWSERS))), None)  # noqa: PTH207 - an absolute pattern


@contextmanager
def webkit(size: tuple[int, int] = (640, 480)) -> Iterator[WebKit]:
    """A WebKitGTK browser of a fresh profile."""
    port = free_port()
    environment = {
        "GDK_BACKEND": "x11",
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # it wants more than a container gives
    }
    with program([DRIVER, f"--port={port}", "--host=127.0.0.1"], environment):
        page = _connect(port)
        page.resize(*size)
        yield page
        page.close()


def _connect(port: int) -> WebKit:
    browser = browser_path()
    if browser is None:
        raise RuntimeError("WebKitGTK has no MiniBrowser here")
    for _ in range(100):
        try:
            return WebKit(port, browser)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError("WebKitWebDriver does not answer")
