"""The phone runs what the server runs."""

import base64
import hashlib
import urllib.request
from typing import Any

import numpy as np

from tests import clips, pictures
from tests.browser.chromium import opened
from tests.browser.conftest import Studio
from vertex.recogniser import Recogniser
from vertex.recogniser.engine import PLAIN, SIMD

FEED = """
async ({frames, width, height}) => {
  const {simd, plain, marker, worker: source} =
    JSON.parse(document.querySelector('#viewer-config').textContent);
  const worker = new Worker(source);
  const answer = () => new Promise((done) => (worker.onmessage = ({data}) => done(data)));
  worker.postMessage({type: 'load', simd, plain, marker});
  const answers = [await answer()];
  for (const frame of frames) {
    const pixels = Uint8Array.from(atob(frame), (c) => c.charCodeAt(0)).buffer;
    worker.postMessage({type: 'pixels', pixels, width, height}, [pixels]);
    const {found, portraits} = await answer();
    answers.push({found, homography: found && [...portraits[0].homography]});
  }
  return answers;
}
"""


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own http address
        return bytes(answer.read())


def test_the_browser_gets_the_bytes_the_engine_loads(studio: Studio) -> None:
    with opened() as page:
        page.goto(studio.page("astronaut"))
        config = page.evaluate("JSON.parse(document.querySelector('#viewer-config').textContent)")

    for address, path in (("simd", SIMD), ("plain", PLAIN)):
        served = fetch(studio.installation.url + config[address])
        assert hashlib.sha256(served).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_the_worker_gives_the_engines_homographies_bit_for_bit(studio: Studio) -> None:
    frames = clips.read_frames(pictures.clip("astronaut", "slow"))[:20]
    height, width = frames[0].shape

    with opened() as page:
        page.goto(studio.page("astronaut"))
        ready, *answers = page.evaluate(
            FEED,
            {
                "frames": [base64.b64encode(frame.tobytes()).decode() for frame in frames],
                "width": width,
                "height": height,
            },
        )

    marker = fetch(f"{studio.page('astronaut')}/marker")
    recogniser = Recogniser(marker)
    expected = [recogniser.find(frame)[0].homography for frame in frames]
    assert ready == {"type": "ready", "simd": True}
    assert _bits(answers) == [homography.tobytes() for homography in expected]


def _bits(answers: list[dict[str, Any]]) -> list[bytes]:
    # JSON keeps the shortest digits that read back as the same number
    return [np.array(answer["homography"], np.float64).tobytes() for answer in answers]
