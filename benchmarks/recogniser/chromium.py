"""Chromium for measurements: a fresh profile for each page, a clip as its camera."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.browser.chromium import FLAGS, launched, showing

# The tap on Start is a script's here, so that it comes at the earliest moment in every run; nothing
# else of the browser's is changed against the tests.
TAPPED = "--autoplay-policy=no-user-gesture-required"

PROBE = Path(__file__).parent / "pages" / "probe.js"


@contextmanager
def opened(
    playwright: Playwright, clip: Path | None = None, size: tuple[int, int] = (640, 480)
) -> Iterator[tuple[Page, Path]]:
    """A page with the probe in it, and the folder of its profile."""
    flags = [flag for flag in FLAGS if not flag.startswith("--autoplay-policy")] + [TAPPED]
    with launched(playwright, flags + showing(clip), size) as (context, profile):
        page = context.pages[0] if context.pages else context.new_page()
        page.add_init_script(path=PROBE)
        yield page, profile
