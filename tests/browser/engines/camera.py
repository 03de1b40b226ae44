"""A camera that shows a clip, for browsers that have none: the page's getUserMedia is replaced.

Firefox captures a film of the clip while it plays, whose frames are YUV like a camera's; an engine
that cannot capture a film paints the clip's pictures on a canvas and captures that. What comes
after getUserMedia is the engine's and the product's own code.
"""

import base64
import io
import json
from pathlib import Path

import av
import cv2
import numpy as np

from tests.browser.engines.page import Driven

FPS = 30

# Set on the prototype: WebKit may forget what is set on navigator.mediaDevices itself.
CAPTURED = """
async (film) => {
  const video = document.createElement('video');
  const bytes = Uint8Array.from(atob(film), (letter) => letter.charCodeAt(0));
  video.src = URL.createObjectURL(new Blob([bytes], {type: 'video/mp4'}));
  video.muted = video.loop = true;
  await video.play();
  MediaDevices.prototype.getUserMedia = async () => video.mozCaptureStream();
}
"""

PAINTED = """
async (frames) => {
  const pictures = await Promise.all(frames.map((frame) => {
    const bytes = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], {type: 'image/jpeg'}));
  }));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, {width: pictures[0].width, height: pictures[0].height});
  const pencil = canvas.getContext('2d');
  let next = 0;
  setInterval(() => pencil.drawImage(pictures[next++ % pictures.length], 0, 0), 1000 / 30);
  MediaDevices.prototype.getUserMedia = async () => canvas.captureStream();
}
"""


def film(clip: Path) -> bytes:
    """The clip as an MP4 of H.264, made once and kept beside it."""
    kept = clip.with_suffix(".mp4")
    if not kept.exists():
        written = _encode(clip)
        half = kept.with_suffix(".part")
        half.write_bytes(written)
        half.rename(kept)
    return kept.read_bytes()


def _encode(clip: Path) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        width, height = json.loads(clip.with_suffix(".json").read_text())["size"]
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "12", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in _jpegs(clip):
            data = np.frombuffer(frame, np.uint8)
            picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return target.getvalue()


def show(page: Driven, clip: Path) -> None:
    """Let the page's camera show the clip, in a loop."""
    if page.evaluate("'mozCaptureStream' in HTMLVideoElement.prototype"):
        page.evaluate(CAPTURED, _text(film(clip)))
    else:
        page.evaluate(PAINTED, [_text(frame) for frame in _jpegs(clip)])


def _jpegs(clip: Path) -> list[bytes]:
    return [b"\xff\xd8\xff" + part for part in clip.read_bytes().split(b"\xff\xd8\xff")[1:]]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
