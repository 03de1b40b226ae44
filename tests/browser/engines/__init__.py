"""Browsers that are not Chromium, driven through the standards they speak themselves."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.browser.engines import firefox as _firefox
from tests.browser.engines import screen as _screen
from tests.browser.engines import webkit as _webkit
from tests.browser.engines.page import Driven

OPENED: dict[str, Callable[[], AbstractContextManager[Driven]]] = {
    "firefox": _firefox.firefox,
    "webkit": _webkit.webkit,
}


def missing(engine: str) -> str:
    """The name of the first thing that this engine lacks on this machine, or ''."""
    programs = {
        "firefox": {"Firefox": _firefox.EXECUTABLE, "Xvfb": _screen.EXECUTABLE},
        "webkit": {
            "WebKitWebDriver": _webkit.DRIVER,
            "WebKitGTK's MiniBrowser": _webkit.browser_path() or "",
            "Xvfb": _screen.EXECUTABLE,
        },
    }[engine]
    absent = [name for name, path in programs.items() if not Path(path).is_file()]
    return absent[0] if absent else ""
