"""Making a page take its camera's frames in one way only, and asking which it takes."""

from tests.browser.measure import Page

# For Chromium, before the page's own scripts: no direct path.
WITHOUT_DIRECT_PATH = "delete window.MediaStreamTrackProcessor"

ALL = ("video-frame", "webgl", "bitmap", "canvas")

# the page's own modules, not others of the same name
_OWN = "new URL('%s', document.querySelector('script[type=module]').src).href"

_ONLY = (
    """
async (name) => {
  const {ways} = await import("""
    + _OWN % "ways.js"
    + """);
  ways.splice(0, ways.length, ...ways.filter((way) => way.name === name));
}
"""
)
_IN_USE = f"async () => (await import({_OWN % 'frames.js'})).report.way"
_SETTLED = (
    """
async () => {
  const {report} = await import("""
    + _OWN % "frames.js"
    + """);
  return Object.values(report.costs).includes(Infinity) ? [] : Object.keys(report.costs);
}
"""
)


def only(page: Page, way: str) -> None:
    """Leave the page this way alone; before Start."""
    page.evaluate(_ONLY, way)


def in_use(page: Page) -> str:
    """The way in which the page takes frames now."""
    return str(page.evaluate(_IN_USE))


def settled(page: Page) -> list[str]:
    """The ways that are not abandoned, once each has shown what it costs."""
    known: list[str] = page.evaluate(_SETTLED)
    return known
