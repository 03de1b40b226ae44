"""Where the overlay is on the screen, against where the print really is."""

import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Page(Protocol):
    """A page of any browser, which calls functions and answers with their values."""

    def evaluate(self, source: str, argument: Any = None, /) -> Any:
        """Call a function in the page."""


# In one animation frame: the number painted on the camera frame that is shown, and the overlay's
# corners, projected by the scene's own camera and mapped to px of that frame.
SAMPLER = """
async (count) => {
  const video = document.querySelector('#camera');
  const overlay = document.querySelector('#overlay');
  const scene = document.querySelector('a-scene');
  const reader = new OffscreenCanvas(128, 16).getContext('2d', {willReadFrequently: true});
  const frameNumber = () => {
    reader.drawImage(video, 0, 0, 128, 16, 0, 0, 128, 16);
    const row = reader.getImageData(0, 8, 128, 1).data;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) if (row[(bit * 16 + 8) * 4] > 127) number |= 1 << bit;
    return number;
  };
  const corners = () => {
    const high = overlay.getAttribute('geometry').height / 2;
    const canvas = scene.canvas.getBoundingClientRect();
    return [[-0.5, high], [0.5, high], [0.5, -high], [-0.5, -high]].map(([x, y]) => {
      const p = new AFRAME.THREE.Vector3(x, y, 0)
        .applyMatrix4(overlay.object3D.matrixWorld)
        .project(scene.camera);
      return [
        canvas.left + ((p.x + 1) / 2) * canvas.width,
        canvas.top + ((1 - p.y) / 2) * canvas.height,
      ];
    });
  };
  const samples = [];
  for (let k = 0; k < count; k++) {
    await new Promise((done) => requestAnimationFrame(done));
    if (!overlay.object3D.visible) continue;
    const box = video.getBoundingClientRect();
    const screen = corners();
    const frame = screen.map(([x, y]) => [
      ((x - box.left) * video.videoWidth) / box.width,
      ((y - box.top) * video.videoHeight) / box.height,
    ]);
    samples.push({number: frameNumber(), screen, frame});
  }
  return samples;
}
"""


def samples(page: Page, count: int) -> list[dict[str, Any]]:
    """Up to `count` samples of the overlay while it is visible, one an animation frame."""
    found: list[dict[str, Any]] = page.evaluate(SAMPLER, count)
    return found


def errors(found: list[dict[str, Any]], clip: Path) -> NDArray[np.float64]:
    """The mean distance of the corners from the truth, px of the camera frame, for each sample.

    The overlay was computed from the frame that is shown or the one before it.
    """
    places = truth(clip)
    off = []
    for sample in found:
        number = sample["number"]
        candidates = [places[number % len(places)], places[(number - 1) % len(places)]]
        off += [min(distance(sample["frame"], quad) for quad in candidates if quad is not None)]
    return np.array(off)


def truth(clip: Path) -> list[Any]:
    """For each frame of a clip the print's corners, or None."""
    places: list[Any] = json.loads(clip.with_suffix(".json").read_text())["corners"]
    return places


def distance(corners: list[list[float]], place: list[list[float]]) -> float:
    """The mean distance of four corners, px."""
    return float(np.hypot(*(np.array(corners) - np.array(place)).T).mean())
