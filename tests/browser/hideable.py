"""A Chromium whose window can really be hidden.

The browser is started here and joined over DevTools without Playwright's defaults: those make every
page believe that it is seen and has the focus, whatever becomes of its window.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import EXECUTABLE, FLAGS, NOTES, driver, showing

_WITHIN = 20  # s, until the browser says where it listens


@contextmanager
def opened(clip: Path) -> Iterator[Page]:
    """A page of a fresh profile, whose camera shows the clip."""
    flags = [*FLAGS, *showing(clip), "--window-size=640,480"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        listening = ["--remote-debugging-port=0", f"--user-data-dir={profile}"]
        browser = subprocess.Popen(
            [EXECUTABLE, *flags, *listening, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            joined = driver().chromium.connect_over_cdp(
                f"http://127.0.0.1:{_port(Path(profile))}", no_defaults=True
            )
            page = joined.contexts[0].pages[0]
            page.add_init_script(NOTES)
            yield page
        finally:
            browser.terminate()
            browser.wait(30)


def _port(profile: Path) -> int:
    """Where the browser listens, which it writes into its profile."""
    written = profile / "DevToolsActivePort"
    end = time.monotonic() + _WITHIN
    while time.monotonic() < end:
        if written.exists() and (lines := written.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError("Chromium does not say where it listens")


def hide(page: Page) -> None:
    """Put the window away, as who turns to another app does."""
    _window(page, "minimized")
    _wait(page, "hidden")


def show(page: Page) -> None:
    """Bring the window back."""
    _window(page, "normal")
    _wait(page, "visible")


def _window(page: Page, state: str) -> None:
    session = page.context.new_cdp_session(page)
    window = session.send("Browser.getWindowForTarget")["windowId"]
    bounds = {"windowState": state}
    session.send("Browser.setWindowBounds", {"windowId": window, "bounds": bounds})
    session.detach()


def _wait(page: Page, visibility: str) -> None:
    end = time.monotonic() + _WITHIN
    while page.evaluate("document.visibilityState") != visibility:
        if time.monotonic() > end:
            raise AssertionError(f"the page never became {visibility}")
        time.sleep(0.05)
