"""A real Firefox, spoken to by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).

Firefox serves the protocol itself, so no driver program is needed. Scripts run in the page's own
world, whatever its Content-Security-Policy.
"""

import base64
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.engines.page import Driven, JavascriptError
from tests.browser.engines.screen import program
from tests.browser.engines.websocket import Connection

EXECUTABLE = "/usr/bin/firefox-esr"
_LISTENING = re.compile(rb"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
_PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "webgl.force-enabled": True,
    # nothing of a test may ask the network
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
}

_NONE: Mapping[str, object] = {}


class Firefox(Driven):
    """The only tab of a Firefox."""

    engine = "Firefox"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last = 0
        self._command("session.new", capabilities={})
        (tab,) = self._command("browsingContext.getTree")["contexts"]
        self._tab: str = tab["context"]

    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, CSS px."""
        size = {"width": width, "height": height}
        self._command("browsingContext.setViewport", context=self._tab, viewport=size)

    def before_pages(self, function: str) -> None:
        """Call a function in every page to come before its own scripts."""
        self._command("script.addPreloadScript", functionDeclaration=function)

    def click(self, selector: str) -> None:
        """Click the middle of the first element that matches, as a hand would."""
        x, y = self.evaluate(MIDDLE, selector)
        steps = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        hand = {"type": "pointer", "id": "hand", "actions": steps}
        self._command("input.performActions", context=self._tab, actions=[hand])

    def screenshot(self) -> bytes:
        """A PNG of what the window shows."""
        taken = self._command("browsingContext.captureScreenshot", context=self._tab)
        return base64.b64decode(taken["data"])

    def _answer(self, source: str) -> str:
        done = self._command(
            "script.evaluate",
            expression=source,
            target={"context": self._tab},
            awaitPromise=True,
            userActivation=False,
        )
        if done["type"] == "exception":
            raise JavascriptError(done["exceptionDetails"]["text"])
        return str(done["result"]["value"])

    def _command(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        self._connection.send(
            json.dumps({"id": self._last, "method": method, "params": parameters})
        )
        while True:
            answer: dict[str, Any] = json.loads(self._connection.receive())
            if answer.get("id") == self._last:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result


MIDDLE = """
(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
}
"""


@contextmanager
def firefox(
    size: tuple[int, int] = (640, 480), preferences: Mapping[str, object] = _NONE
) -> Iterator[Firefox]:
    """A Firefox of a fresh profile, on a screen that nobody sees: without one it has no WebGL."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in {**_PREFERENCES, **preferences}.items()
        ]
        (Path(profile) / "user.js").write_text("\n".join(lines))
        command = [EXECUTABLE, "--no-remote", "--profile", profile]
        command += ["--remote-debugging-port=0", "about:blank"]
        with program(command, {}, stderr=subprocess.PIPE) as process:
            connection = Connection(_port(process), "/session")
            page = Firefox(connection)
            page.resize(*size)
            yield page
            connection.close()


def _port(process: subprocess.Popen[bytes]) -> int:
    if process.stderr is None:
        raise RuntimeError("Firefox was started without a pipe")
    heard = b""
    for line in process.stderr:
        heard += line
        if announced := _LISTENING.search(line):
            return int(announced[1])
    raise RuntimeError(heard.decode(errors="replace")[-2000:])
