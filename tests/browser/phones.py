"""Phones of customers: one Chromium for each kind of camera, a fresh context for each visit."""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tests import clips, pictures
from tests.browser.chromium import EXECUTABLE, FLAGS, NOTES, driver, showing

PHONE, DESK = (390, 844), (1280, 800)
STRANGE_HOST = "studio.test"  # leads here, and is not this machine by name

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], frames=120)
WRONG, RIGHT = "chelsea", "astronaut"
AWAY = dataclasses.replace(FRONTAL, absent=(0, FRONTAL.frames))
# what the camera called `changing` sees, and for how many seconds
PARTS = (((WRONG, FRONTAL), 12), ((RIGHT, FRONTAL), 6), ((RIGHT, AWAY), 4))

# What a phone's browser asks before it gives the camera is not answered by itself.
_FAKE_ANSWER = "--use-fake-ui-for-media-stream"
_TWO_CAMERAS = "--use-fake-device-for-media-stream=device-count=2"


def one_after_the_other(folder: Path) -> Path:
    """A clip that shows the wrong print, then the right one, then none, and begins again."""
    path = folder / "one-after-the-other.mjpeg"
    with path.open("wb") as film:
        for (name, shot), seconds in PARTS:
            frames = frames_of(pictures.clip(name, shot))
            for number in range(seconds * clips.FPS):
                film.write(frames[number % len(frames)])
    return path


def frames_of(clip: Path) -> list[bytes]:
    """The pictures of a clip, to be put into another one."""
    mark = b"\xff\xd8\xff"
    return [mark + part for part in clip.read_bytes().split(mark)[1:]]


class Phones:
    """Starts each browser when it is first wanted."""

    def __init__(self, playwright: Playwright, folder: Path, stack: ExitStack) -> None:
        self._playwright, self._folder, self._stack = playwright, folder, stack
        self._browsers: dict[str | Path, Browser] = {}

    @contextmanager
    def opened(
        self,
        camera: str | Path = RIGHT,
        size: tuple[int, int] = PHONE,
        *,
        answer: str | None = "yes",
        scripts: bool = True,
        **options: Any,
    ) -> Iterator[Page]:
        """A page of a fresh profile. `camera`: a clip, what it sees, `changing`, `none` or `two`.

        Of `undrawn` it sees the right print, in a browser to which no WebGL is given.
        `answer` to the question for the camera is `yes`, `no` or None, which leaves it open.
        """
        usual = {"locale": "en-GB", "color_scheme": "light", "has_touch": size == PHONE}
        # what they keep is another test's matter
        options = {**usual, "service_workers": "block", **options}
        context = self._browser(camera).new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            **options,
        )
        if answer is not None:
            context.grant_permissions(["camera"] if answer == "yes" else [])
        page = context.new_page()
        page.add_init_script(NOTES)
        try:
            yield page
        finally:
            context.close()

    def _browser(self, camera: str | Path) -> Browser:
        if camera not in self._browsers:
            flags = [*FLAGS, f"--host-resolver-rules=MAP {STRANGE_HOST} 127.0.0.1"]
            browser = self._playwright.chromium.launch(
                executable_path=EXECUTABLE,
                args=[*flags, *self._flags(camera)],
                ignore_default_args=["--headless"],
            )
            self._stack.callback(browser.close)
            self._browsers[camera] = browser
        return self._browsers[camera]

    def _flags(self, camera: str | Path) -> list[str]:
        if camera == "none":
            return []
        if camera == "two":
            return [_TWO_CAMERAS]
        flags = [flag for flag in showing(self._clip(camera)) if flag != _FAKE_ANSWER]
        return [*flags, "--disable-3d-apis"] if camera == "undrawn" else flags

    def _clip(self, camera: str | Path) -> Path:
        if isinstance(camera, Path):
            return camera
        if camera == "changing":
            return one_after_the_other(self._folder)
        return pictures.clip(RIGHT if camera == "undrawn" else camera, FRONTAL)


def prepare() -> None:
    """Render what the cameras see, before anything is measured."""
    pictures.prepare([part for part, _ in PARTS])


@contextmanager
def phones() -> Iterator[Phones]:
    """Browsers that are closed in the end."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        yield Phones(driver(), Path(folder), stack)
