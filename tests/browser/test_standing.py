"""The picture frame that stands up from the print, by the pose in space."""

from typing import Any

import numpy as np
import pytest

from tests import clips, pictures
from tests.browser import chromium
from tests.browser.conftest import Studio
from tests.clips import Shot

TILTED = Shot(tilt=-35, yaw=10, scale=0.5, motion=0.3)
SCALE = 0.8  # of the standing picture, whose foot is across the print's middle
UPRIGHT = 68  # degrees, at least, when it has risen
LEARNT_AFTER = 2000  # ms: the frame has risen, and the camera is known

# In one animation frame: the camera frame's number, where the scene draws the corners of print and
# standing picture, px of the camera frame, and how far it has risen, degrees.
SAMPLER = """
async (count) => {
  const {Vector3} = AFRAME.THREE;
  const video = document.querySelector('#camera');
  const scene = document.querySelector('a-scene');
  const [overlay, picture, hinge] =
    ['overlay', 'picture', 'hinge'].map((id) => document.getElementById(id).object3D);
  const high = +document.getElementById('picture').getAttribute('height');
  const reader = new OffscreenCanvas(128, 16).getContext('2d', {willReadFrequently: true});
  const outline = (object) => {
    const canvas = scene.canvas.getBoundingClientRect();
    const box = video.getBoundingClientRect();
    const corners = [[-0.5, 0.5], [0.5, 0.5], [0.5, -0.5], [-0.5, -0.5]];
    return corners.map(([x, y]) => [x, y * high]).map(([x, y]) => {
      const p = new Vector3(x, y, 0).applyMatrix4(object.matrixWorld).project(scene.camera);
      const left = canvas.left + ((p.x + 1) / 2) * canvas.width;
      const top = canvas.top + ((1 - p.y) / 2) * canvas.height;
      return [
        ((left - box.left) * video.videoWidth) / box.width,
        ((top - box.top) * video.videoHeight) / box.height,
      ];
    });
  };
  const samples = [];
  for (let k = 0; k < count; k++) {
    await new Promise((done) => requestAnimationFrame(done));
    if (!overlay.visible) continue;
    reader.drawImage(video, 0, 0, 128, 16, 0, 0, 128, 16);
    const row = reader.getImageData(0, 8, 128, 1).data;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) if (row[(bit * 16 + 8) * 4] > 127) number |= 1 << bit;
    const degrees = (hinge.rotation.x * 180) / Math.PI;
    samples.push({number, degrees, print: outline(overlay), picture: outline(picture)});
  }
  return samples;
}
"""


def project(points: clips.Floats, shot: Shot, aspect: float, frame: int) -> clips.Floats:
    """Points of the print's space in a frame of the clip, px."""
    pose = clips.pose(shot, aspect, frame)
    camera = points @ pose[:, :3].T + pose[:, 3]
    middle = np.array(shot.size) / 2
    return np.asarray(shot.focal * camera[:, :2] / -camera[:, 2:] * [1, -1] + middle)


def true_corners(sample: dict[str, Any], aspect: float, frame: int) -> list[clips.Floats]:
    """Where the print's and the standing picture's corners are in a frame."""
    high, turn = 1 / aspect, np.radians(sample["degrees"])
    x = np.array([-0.5, 0.5, 0.5, -0.5])
    up = np.array([high, high, 0, 0])
    lying = np.stack([x, up - high / 2, 0 * x], axis=1)
    before = 0.012  # of the picture before the frame's middle
    y = up * np.cos(turn) - before * np.sin(turn)
    z = up * np.sin(turn) + before * np.cos(turn)
    standing = SCALE * np.stack([x, y, z], axis=1)
    return [project(points, TILTED, aspect, frame) for points in (lying, standing)]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_a_frame_stands_on_the_print(studio: Studio, size: tuple[int, int]) -> None:
    picture = pictures.PICTURES["astronaut"]()
    aspect = picture.shape[1] / picture.shape[0]
    with chromium.opened(pictures.clip("astronaut", TILTED), size) as page:
        page.goto(f"{studio.page('astronaut')}/standing")
        page.click("#start")
        page.wait_for_selector("body[data-state=found]")
        page.wait_for_timeout(LEARNT_AFTER)
        samples = page.evaluate(SAMPLER, 40)
        violations = page.evaluate("notes.violations")

    assert len(samples) > 20
    errors: list[list[float]] = []
    for sample in samples:
        seen = [np.array(sample["print"]), np.array(sample["picture"])]
        off = []
        for frame in (sample["number"], sample["number"] - 1):
            true = true_corners(sample, aspect, frame)
            off.append(
                [
                    float(np.linalg.norm(a - b, axis=1).mean())
                    for a, b in zip(seen, true, strict=True)
                ]
            )
        errors.append(min(off))
    lying, standing = np.median(errors, axis=0)
    assert min(sample["degrees"] for sample in samples) >= UPRIGHT - 1
    assert lying < 1
    assert standing < 4
    assert violations == []
