"""A real Chromium whose camera shows a clip."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--autoplay-policy=user-gesture-required",
]
CAMERA = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--use-file-for-fake-video-capture={clip}",
]

# What a page must never do, noted from its first script on.
NOTES = """
window.notes = {violations: [], events: []};
document.addEventListener('securitypolicyviolation', (event) =>
  notes.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
for (const name of ['targetFound', 'targetLost'])
  document.addEventListener(name, () => notes.events.push({name, at: performance.now()}), true);
"""


@cache
def driver() -> Playwright:
    """What drives browsers, once for the whole process: starting it takes as long as a page."""
    manager = sync_playwright()
    atexit.register(manager.__exit__)
    return manager.__enter__()


@cache
def _shared() -> Browser:
    """The browser of all pages that need no camera; each of them has a profile of its own."""
    browser = driver().chromium.launch(
        executable_path=EXECUTABLE, args=FLAGS, ignore_default_args=["--headless"]
    )
    atexit.register(browser.close)
    return browser


def showing(clip: Path | None) -> list[str]:
    """The flags of a browser whose camera shows the clip, or that has none."""
    return [flag.format(clip=clip) for flag in CAMERA] if clip else []


@contextmanager
def launched(
    playwright: Playwright, flags: list[str], size: tuple[int, int], **options: Any
) -> Iterator[tuple[BrowserContext, Path]]:
    """A browser of a fresh profile, and the folder of that."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=EXECUTABLE,
            args=flags,
            ignore_default_args=["--headless"],
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        try:
            yield context, Path(profile)
        finally:
            context.close()


@contextmanager
def opened(
    clip: Path | None = None,
    size: tuple[int, int] = (640, 480),
    *,
    scale: float = 1,
    locale: str = "en-GB",
    colours: str = "light",
    touch: bool = False,
    scripts: bool = True,
    service_workers: Literal["allow", "block"] = "allow",
) -> Iterator[Page]:
    """A page of a fresh profile, without a camera or with one that shows the clip."""
    options = {
        "device_scale_factor": scale,
        "locale": locale,
        "color_scheme": colours,
        "has_touch": touch,
        "java_script_enabled": scripts,
        "service_workers": service_workers,
    }
    with _profile(clip, size, **options) as context:
        page = context.new_page()
        page.add_init_script(NOTES)
        yield page


@contextmanager
def _profile(clip: Path | None, size: tuple[int, int], **options: Any) -> Iterator[BrowserContext]:
    if clip is not None:
        with launched(driver(), FLAGS + showing(clip), size, **options) as (context, _):
            yield context
        return
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    context = _shared().new_context(viewport=viewport, **options)
    try:
        yield context
    finally:
        context.close()


class Witness:
    """Remembers what a page did that it should not."""

    def __init__(self, page: Page, *origins: str) -> None:
        self._page = page
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._see(request.url, origins))

    def _hear(self, kind: str, text: str) -> None:
        # htmx says so when a newer request takes the place of one that is still under way
        replaced = text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
        if kind in ("error", "warning") and not replaced:
            self.errors.append(text)

    def _see(self, url: str, origins: tuple[str, ...]) -> None:
        known = tuple(f"{origin}/" for origin in origins)
        if not url.startswith((*known, "data:", "blob:")):
            self.strangers.append(url)

    def nothing_happened(self) -> None:
        """Fail if there was an error, a policy violation or a request to another host."""
        self._page.wait_for_load_state()  # one that is just being left answers nothing
        violations = self._page.evaluate("notes.violations")
        if self.errors or violations or self.strangers:
            raise AssertionError(f"{self.errors=} {violations=} {self.strangers=}")
