"""How the film lies on the print: cut, bordered, stretched or transparent; and which size of it."""

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Route

from tests import clips, pictures
from tests.browser import measure
from tests.browser.chromium import Witness, opened
from tests.browser.conftest import Studio
from tests.browser.waiting import WITHIN as PATIENCE
from tests.browser.waiting import until_played
from tests.media import samples
from tests.servers.browser import Browser
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

FRONTAL = dataclasses.replace(clips.STANDARD["frontal"], focal=520.0, frames=120)
RED, BLUE = (230, 20, 20), (20, 40, 220)
WITHIN = 20_000  # ms
TOLERANCE = 60  # grey levels; camera and film both lie under scaling and 4:2:0


@pytest.fixture(scope="module", autouse=True)
def rendered() -> None:
    """The clip, before anything is measured."""
    pictures.prepare([("astronaut", FRONTAL)])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio with films of other shapes than its print, large and transparent ones."""
    folder = tmp_path_factory.mktemp("films")
    (folder / "instance").mkdir()
    studio = Studio(Installation(folder / "instance"), folder)
    studio.installation.flask("db", "upgrade")
    studio.installation.make_admin("olga", PASSWORD)
    (folder / "astronaut.jpg").write_bytes(pictures.jpeg(pictures.astronaut()))
    for name, film in films(folder).items():
        studio.portraits[name] = studio.installation.import_portrait(folder / "astronaut.jpg", film)
    studio.installation.start()
    try:
        yield studio
    finally:
        studio.installation.stop()


def films(folder: Path) -> dict[str, Path]:
    """A wide film that is red at its left and right ends, a transparent one, and a large one."""
    r, g, b = BLUE
    blue = f"color=c=0x{r:02x}{g:02x}{b:02x}:s=960x360:r=10:d=4"
    r, g, b = RED
    ends = ",".join(
        f"drawbox=x={x}:y=0:w=240:h=360:c=0x{r:02x}{g:02x}{b:02x}:t=fill" for x in (0, 720)
    )
    wide = samples.video(folder / "wide.mp4", "-f", "lavfi", "-i", f"{blue},{ends}", *samples.H264)
    large = ["-f", "lavfi", "-i", "testsrc2=size=1080x1440:rate=15:duration=4"]
    return {
        "wide": wide,
        "transparent": samples.half_transparent(folder / "transparent", "libvpx-vp9"),
        "large": samples.video(folder / "large.mp4", *large, *samples.H264),
    }


def wish(shop: Studio, name: str, **wishes: str) -> None:
    """Change how a film plays, as staff do."""
    olga = Browser(shop.installation.port)
    olga.sign_in()
    portrait = shop.portraits[name]["portrait"]
    form = {"fit": "cover", "transparency": "none", "loop": "y", **wishes}
    action = olga.action(f"/portraits/{portrait}", "wishes_form")
    assert olga.post(action, **form) == 303


def seen_on(page: Page, url: str) -> NDArray[np.int64]:
    """The print as the screen shows it with the film on it, upright."""
    page.goto(url)
    page.click("#start")
    page.wait_for_selector('body[data-state="found"]', timeout=WITHIN)
    until_played(page, 0.1)
    page.wait_for_timeout(1000)  # the fade is over
    [sample] = measure.samples(page, 1)
    screen = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    corners = np.array(sample["screen"], np.float32)
    size = np.array([[0, 0], [400, 0], [400, 400], [0, 400]], np.float32)
    upright = cv2.warpPerspective(screen, cv2.getPerspectiveTransform(corners, size), (400, 400))
    return np.asarray(upright, np.int64)


def shares(upright: NDArray[np.int64], colour: tuple[int, int, int]) -> NDArray[np.float64]:
    """Of each of ten by ten fields of the print, the share of px near this colour."""
    near = np.abs(upright - colour).max(axis=2) <= TOLERANCE
    return np.asarray(near.reshape(10, 40, 10, 40).mean(axis=(1, 3)))


class TestFit:
    @pytest.mark.parametrize(
        ("fit", "red", "blue"),
        [
            ("cover", slice(0, 0), slice(1, 9)),  # the red ends are cut off
            ("exact", slice(0, 2), slice(3, 7)),
        ],
    )
    def test_fills_the_print(self, shop: Studio, fit: str, red: slice, blue: slice) -> None:
        wish(shop, "wide", fit=fit)
        with opened(pictures.clip("astronaut", FRONTAL)) as page:
            witness = Witness(page, shop.installation.url)
            upright = seen_on(page, shop.page("wide"))
            witness.nothing_happened()

        assert shares(upright, BLUE)[1:9, blue].min() > 0.9
        if red.stop:
            assert shares(upright, RED)[1:9, red].min() > 0.9
        else:
            assert shares(upright, RED).max() < 0.2

    def test_leaves_borders_when_all_of_it_is_shown(self, shop: Studio) -> None:
        wish(shop, "wide", fit="contain")
        with opened(pictures.clip("astronaut", FRONTAL)) as page:
            upright = seen_on(page, shop.page("wide"))

        blue = shares(upright, BLUE)
        assert blue[5, 3:7].min() > 0.9
        assert shares(upright, RED)[5, 0:2].min() > 0.9
        # above and below is the print itself, which has these colours nowhere
        assert blue[[0, 1, 8, 9]].max() < 0.2


def test_transparent_parts_show_the_print(shop: Studio) -> None:
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        witness = Witness(page, shop.installation.url)
        upright = seen_on(page, shop.page("transparent"))
        player = page.evaluate("document.querySelector('#portrait-video').className")
        witness.nothing_happened()

    red = shares(upright, RED)
    assert red[1:9, 6:9].min() > 0.9
    assert red[1:9, 1:4].max() < 0.3  # the print's own red is the suit's
    assert player == "packed"


def redness(page: Page, player: str) -> float:
    """The share of a player's upper part, above its buttons, that has the film's colour."""
    box = page.locator(player).bounding_box()
    assert box
    rim = 12  # px, the frame around it
    left, top, width = box["x"] + rim, box["y"] + rim, box["width"] - 2 * rim
    shot = page.screenshot(
        clip={"x": left, "y": top, "width": width, "height": 0.6 * box["height"]}
    )
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))
    return float((np.abs(pixels.astype(int) - samples.RED).max(axis=2) <= TOLERANCE).mean())


def becomes_red(page: Page, player: str) -> float:
    for _ in range(PATIENCE // 250):
        if redness(page, player) > 0.9:
            break
        page.wait_for_timeout(250)
    return redness(page, player)


def without_flat_films(route: Route) -> None:
    """The page as it is for a film of an older version."""
    answer = route.fetch()
    text = re.sub(r'"plain": "[^"]*"', '"plain": null', answer.text())
    route.fulfill(response=answer, body=text)


class TestPlayerOfATransparentFilm:
    """It shows the picture in its own shape, and never the transparency beside it."""

    def test_with_scripts(self, shop: Studio) -> None:
        with opened(size=(390, 844)) as page:
            page.goto(shop.page("transparent"))
            page.click("#plain")
            until_played(page, 0.1)
            box = page.locator("#portrait-video").bounding_box()

            assert box and box["width"] / box["height"] == pytest.approx(320 / 240, rel=0.1)
            assert becomes_red(page, "#portrait-video") > 0.9
            assert "size=flat" in (page.get_attribute("#portrait-video", "src") or "")

            page.click("#plain")
            page.wait_for_selector("#portrait-video.packed:not([src*=flat])")
            until_played(page, 0.1)
            assert becomes_red(page, "#portrait-video") > 0.9

    def test_made_before_there_was_a_flat_one(self, shop: Studio) -> None:
        with opened(size=(390, 844)) as page:
            page.route("**/v/*", without_flat_films)
            page.goto(shop.page("transparent"))
            page.click("#plain")
            until_played(page, 0.1)

            assert "size=flat" not in (page.get_attribute("#portrait-video", "src") or "")
            assert becomes_red(page, "#portrait-video") > 0.9

    def test_without_scripts(self, shop: Studio) -> None:
        with opened(size=(390, 844), scripts=False) as page:
            page.goto(f"{shop.page('transparent')}?camera=no")
            page.locator("noscript video").focus()
            page.keyboard.press("Space")

            assert becomes_red(page, "noscript video") > 0.9
            # of the poster's shape until the film is there, and of the film's from then on
            box = page.locator("noscript video").bounding_box()
            assert box and box["width"] / box["height"] == pytest.approx(320 / 240, rel=0.02)


SEEN = "getComputedStyle(document.querySelector('#portrait-video')).opacity"


def test_a_paused_film_stays_on_the_photo(shop: Studio) -> None:
    with opened(size=(390, 844)) as page:
        page.goto(shop.page("wide"))
        assert page.evaluate(SEEN) == "0"
        page.click("#play")
        until_played(page, 0.2)
        page.click("#pause")
        page.wait_for_selector("body:not([data-playing])")
        page.wait_for_timeout(600)  # longer than a fade

        assert page.evaluate(SEEN) == "1"


def config_of(page: Page) -> dict[str, str]:
    text = page.text_content("#viewer-config")
    found: dict[str, str] = json.loads(text or "")["portraits"][0]["video"]
    return found


class TestSize:
    @pytest.mark.parametrize(
        ("line", "size"),
        [
            ("{effectiveType: '4g', saveData: false}", "url"),
            ("{effectiveType: '3g', saveData: false}", "small"),
            ("{effectiveType: '4g', saveData: true}", "small"),
        ],
    )
    def test_is_that_of_the_line(self, shop: Studio, line: str, size: str) -> None:
        with opened() as page:
            page.add_init_script(
                f"Object.defineProperty(navigator, 'connection', {{value: {line}}})"
            )
            page.goto(shop.page("large"))
            page.click("#watch")
            page.wait_for_selector("#portrait-video[src]")
            fetched = page.get_attribute("#portrait-video", "src")
            film = config_of(page)

        assert film["small"]
        assert fetched == film[size]

    def test_is_found_out_where_the_browser_does_not_tell(self, shop: Studio) -> None:
        with opened() as page:
            page.add_init_script(
                "Object.defineProperty(navigator, 'connection', {value: undefined})"
            )
            devtools = page.context.new_cdp_session(page)
            slow = {"offline": False, "latency": 50, "uploadThroughput": 1e5}
            devtools.send("Network.enable")
            devtools.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": 2e5})
            page.goto(shop.page("large"))
            page.click("#watch")
            page.wait_for_selector("#portrait-video[src]")
            fetched = page.get_attribute("#portrait-video", "src")

            assert fetched == config_of(page)["small"]


# How opaque the scene is along a line through the middle of the overlay, from a tenth before it to
# a tenth behind it: drawn and read at once, before the canvas is empty again.
ACROSS = """
() => {
  const scene = document.querySelector('a-scene');
  const overlay = document.querySelector('#overlay');
  const {renderer, camera, canvas} = scene;
  renderer.render(scene.object3D, camera);
  const gl = renderer.getContext();
  const pixel = new Uint8Array(4);
  const found = [];
  for (let k = 0; k <= 240; k++) {
    const p = new AFRAME.THREE.Vector3(1.2 * (k / 240) - 0.6, 0, 0)
      .applyMatrix4(overlay.object3D.matrixWorld)
      .project(camera);
    const [x, y] = [(p.x + 1) / 2 * canvas.width, (p.y + 1) / 2 * canvas.height];
    gl.readPixels(Math.floor(x), Math.floor(y), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    found.push(pixel[3] / 255);
  }
  return found;
}
"""
# how far the film has come in, in each picture that is drawn while it is seen
FADES = """
window.fades = [];
const note = () => {
  const overlay = document.querySelector('#overlay');
  const look = overlay?.getObject3D?.('mesh')?.material.userData.look;
  if (look && overlay.object3D.visible) fades.push(look.uniforms.fade.value);
  requestAnimationFrame(note);
};
requestAnimationFrame(note);
"""


@pytest.fixture(params=["no-preference", "reduce"])
def seen(shop: Studio, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """A film on its print, for those who like motion and those who do not."""
    with opened(pictures.clip("astronaut", FRONTAL)) as page:
        page.emulate_media(reduced_motion=request.param)
        page.add_init_script(FADES)
        seen_on(page, shop.page("large"))
        yield page, request.param


def test_it_comes_softly_and_has_soft_edges(seen: tuple[Page, str]) -> None:
    page, motion = seen
    fades = page.evaluate("fades")
    line = np.array(page.evaluate(ACROSS))

    if motion == "reduce":
        assert set(fades) == {1}
    else:
        whole = fades.index(1)
        assert fades[0] < 0.5 and fades[: whole + 1] == sorted(fades[: whole + 1])
    # nothing beyond the print, all of the film in it, and a short way from one to the other
    assert line[:16].max() == line[-16:].max() == 0
    assert line[30:-30].min() == 1
    for rim in (line[:30], line[-30:][::-1]):
        assert list(rim) == sorted(rim)
        assert 1 <= ((rim > 0.05) & (rim < 0.95)).sum() <= 8
