"""Chromium for measurements: a fresh profile for each page, a clip as its camera."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.browser.chromium import CAMERA, EXECUTABLE, FLAGS

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
    flags += [flag.format(clip=clip) for flag in CAMERA] if clip else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=EXECUTABLE,
            args=flags,
            ignore_default_args=["--headless"],
            viewport={"width": size[0], "height": size[1]},
        )
        try:
            page = context.pages[0] if context.pages else context.new_page()
            page.add_init_script(path=PROBE)
            yield page, Path(profile)
        finally:
            context.close()
