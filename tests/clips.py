"""Camera clips of a printed picture, with the true corners of every frame.

A clip is a Motion-JPEG file (concatenated JPEGs: Chromium plays it at 30 frames a second, in a
loop, as a fake camera) and a JSON file of the same name: {"size": [w, h], "focal": px, "fps": 30,
"print": [w, h] of the picture, "corners": for each frame [[x, y] * 4] clockwise from the top left,
at pixel edges, or null when the print is not there}. The frame's number is painted as eight black
or white blocks of 16 px, lowest bit first, in the top left corner.

`python tests/clips.py PICTURE FOLDER [SHOT …]` renders some or all of STANDARD.
"""

import dataclasses
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pixels = NDArray[Any]  # OpenCV's stubs do not say of which type

FPS = 30
SUPERSAMPLING = 2
DESK = 1600  # px of the drawn table
PERIOD = 240  # frames after which the hand is where it began


@dataclass(frozen=True)
class Shot:
    """One camera situation. Angles in degrees, lengths in px of the frame unless said."""

    scale: float = 0.6  # height of the print, seen frontally, over the height of the frame
    tilt: float = 0.0  # rotation about the horizontal axis
    yaw: float = 0.0  # rotation about the vertical axis
    roll: float = 0.0  # rotation in the picture plane
    light: float = 1.0  # gain on the image
    side_light: float = 0.0  # how much darker the right edge is than the left, 0 to 1
    blur: float = 0.0  # sigma of a defocus blur
    motion_blur: int = 0  # length of a horizontal smear
    noise: float = 3.0  # sigma of the sensor noise, grey levels
    glare: float = 0.0  # strength of a soft white highlight on the print, 0 to 1
    cover: float = 0.0  # share of the print hidden by a plain object from its lower right corner
    motion: float = 0.0  # how much the phone moves; 0 is a hand that holds still
    absent: tuple[int, int] | None = None  # frames in which the print is not there
    size: tuple[int, int] = (640, 480)
    focal: float = 520.0
    barrel: float = 0.0  # k1 of the lens: how radii grow with their square, in focal lengths
    frames: int = 240


STANDARD = {
    "frontal": Shot(),
    "large": Shot(scale=1.1),
    "small30": Shot(scale=0.3),
    "small18": Shot(scale=0.18),
    "tilt20": Shot(tilt=20),
    "tilt40": Shot(tilt=40),
    "tilt55": Shot(tilt=55),
    "tilt68": Shot(tilt=68),
    "yaw40": Shot(yaw=40),
    "roll30": Shot(roll=30),
    "roll90": Shot(roll=90),
    "dim": Shot(light=0.3, noise=4.0),
    "sidelight": Shot(side_light=0.6),
    "glare": Shot(glare=0.8),
    "blur": Shot(blur=1.8, motion_blur=5),
    "covered": Shot(cover=0.3),
    "slow": Shot(motion=0.35),
    "fast": Shot(motion=1.0),
    "leaves": Shot(absent=(100, 170)),
    "upright": Shot(scale=0.45, size=(480, 640)),
}


def render(picture: Pixels, shot: Shot, seed: int = 7) -> Iterator[tuple[Pixels, Floats | None]]:
    """Every frame of the shot (BGR), with the print's corners (4 x 2) or None."""
    desk, surface = _desk(seed), _surface(picture, shot)
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 9)
    span = 6.0 if shot.tilt < 50 else 2.25  # a steep view would put the far desk behind the horizon
    edge = DESK * span / 6.0
    low, high = (DESK - edge) / 2, (DESK + edge) / 2
    ground = np.array([[low, low], [high, low], [high, high], [low, high]])
    height, width = picture.shape[:2]
    for i in range(shot.frames):
        camera = _camera(shot, phase, 2 * np.pi * i / PERIOD)
        corners = _project(camera, _quad(width / height, 1.0))
        size = (shot.size[0] * SUPERSAMPLING, shot.size[1] * SUPERSAMPLING)
        onto_desk = _edges(ground, _project(camera, _quad(span, span)) * SUPERSAMPLING)
        frame = cv2.warpPerspective(desk, onto_desk, size, borderMode=cv2.BORDER_REFLECT)
        here = shot.absent is None or not shot.absent[0] <= i < shot.absent[1]
        if here:
            frame = _lay(surface, corners * SUPERSAMPLING, frame)
        frame = cv2.resize(frame.astype(np.float32), shot.size, interpolation=cv2.INTER_AREA)
        if shot.barrel:
            frame, corners = _bend(frame, shot), _bent(corners, shot)
        yield _sense(frame, shot, seed * 1000 + i, i), corners if here else None


def write(picture: Pixels, shot: Shot, folder: Path, name: str, seed: int = 7) -> Path:
    """Write NAME.mjpeg and NAME.json and return the clip's path."""
    folder.mkdir(parents=True, exist_ok=True)
    truth: list[list[list[float]] | None] = []
    with (folder / f"{name}.mjpeg").open("wb") as clip:
        for frame, corners in render(picture, shot, seed):
            clip.write(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())
            truth.append(None if corners is None else np.round(corners, 2).tolist())
    facts = {
        "size": shot.size,
        "focal": shot.focal,
        "fps": FPS,
        "print": [picture.shape[1], picture.shape[0]],
        "shot": dataclasses.asdict(shot),
        "corners": truth,
    }
    (folder / f"{name}.json").write_text(json.dumps(facts))
    return folder / f"{name}.mjpeg"


def read_frames(clip: Path) -> list[Pixels]:
    """The frames of a clip in grey."""
    parts = clip.read_bytes().split(b"\xff\xd8\xff")[1:]
    return [
        np.asarray(cv2.imdecode(np.frombuffer(b"\xff\xd8\xff" + part, np.uint8), 0), np.uint8)
        for part in parts
    ]


def pose(shot: Shot, aspect: float, frame: int, seed: int = 7) -> Floats:
    """The true pose (3 x 4) of a print in a frame of render(), as Found.pose has it."""
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 9)
    lens = np.array(
        [[shot.focal, 0, shot.size[0] / 2], [0, shot.focal, shot.size[1] / 2], [0, 0, 1]]
    )
    stand = np.linalg.inv(lens) @ _camera(shot, phase, 2 * np.pi * frame / PERIOD)
    upright = np.diag([1.0, -1.0, -1.0])  # y down and z ahead become y up and z backwards
    return np.column_stack([upright @ stand[:, :3] @ upright, upright @ stand[:, 3] / aspect])


def _desk(seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    grain = np.zeros((DESK, DESK), np.float32)
    for cell, gain in ((4, 10), (16, 14), (64, 22), (200, 26)):
        spots = random.standard_normal((max(2, DESK // cell + 2), max(2, DESK // (cell * 3) + 2)))
        grain += gain * cv2.resize(
            spots.astype(np.float32), (DESK, DESK), interpolation=cv2.INTER_CUBIC
        )
    grain += 8 * np.sin(np.arange(DESK)[:, None] / 7.0 + grain / 9)
    wood = np.array([70, 105, 150]) + grain[..., None] * np.array([0.7, 0.9, 1.0])
    return np.asarray(np.clip(wood, 0, 255), np.uint8)


def _surface(picture: Pixels, shot: Shot) -> Pixels:
    """The print itself, with what reflects in it or lies on it."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    surface = picture.astype(np.float32)
    if shot.glare:
        away = ((x - 0.62 * width) / (0.22 * width)) ** 2
        away += ((y - 0.35 * height) / (0.16 * height)) ** 2
        surface += 255 * shot.glare * np.exp(-away)[..., None]
    if shot.cover:
        side = shot.cover**0.5
        surface[int(height * (1 - side)) :, int(width * (1 - side)) :] = (60, 70, 80)
    return np.clip(surface, 0, 255).astype(np.uint8)


def _rotation(axis: int, degrees: float) -> Floats:
    """Turns about x (0), y (1) or z (2)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.eye(3)
    a, b = [(1, 2), (2, 0), (0, 1)][axis]
    turn[a, a] = turn[b, b] = c
    turn[a, b], turn[b, a] = -s, s
    return turn


def _camera(shot: Shot, phase: Floats, t: float) -> Floats:
    """The 3 x 4 matrix from the print (one unit high) to the frame, in a hand never quite still."""
    width, height = shot.size
    distance = shot.focal / (shot.scale * height)
    sway = [(3, 0.006), (7, 0.003), (2, 0.006), (9, 0.003), (2, 0.01), (2, 0.5), (8, 0.2)]
    sway += [(3, 0.5), (2, 0.5)]
    w = [gain * np.sin(speed * t + p) for (speed, gain), p in zip(sway, phase, strict=True)]
    x, y, z, rz, rx, ry = w[0] + w[1], w[2] + w[3], w[4], w[5] + w[6], w[7], w[8]
    m = shot.motion
    x, y = x + 0.15 * m * np.sin(2 * t), y + 0.10 * m * np.sin(3 * t)
    z = z + 0.20 * m * np.sin(t)
    rz = rz + 12 * m * np.sin(2 * t + 1)
    rx, ry = rx + 12 * m * np.sin(t), ry + 12 * m * np.sin(2 * t)
    turn = _rotation(2, shot.roll + rz) @ _rotation(0, shot.tilt + rx) @ _rotation(1, shot.yaw + ry)
    move = np.array([x * distance, y * distance, distance * (1 + z)])
    lens = np.array([[shot.focal, 0, width / 2], [0, shot.focal, height / 2], [0, 0, 1.0]])
    return np.asarray(lens @ np.column_stack([turn, move]))


def _quad(width: float, height: float) -> Floats:
    w, h = width / 2, height / 2
    return np.array([[-w, -h], [w, -h], [w, h], [-w, h]])


def _project(camera: Floats, points: Floats) -> Floats:
    """Points of the print's plane in the frame, px at pixel edges."""
    q = np.column_stack([points, np.zeros(len(points)), np.ones(len(points))]) @ camera.T
    return np.asarray(q[:, :2] / q[:, 2:])


def _edges(source: Floats, target: Floats) -> Floats:
    """Maps quadrilaterals given at pixel edges, for OpenCV, which counts from pixel centres."""
    return np.asarray(
        cv2.getPerspectiveTransform(
            (source - 0.5).astype(np.float32), (target - 0.5).astype(np.float32)
        )
    )


def _lay(surface: Pixels, corners: Floats, frame: Pixels) -> Pixels:
    """The frame with the print over it."""
    side = float(np.linalg.norm(corners[3] - corners[0]))
    ratio = min(1.0, side / surface.shape[0] * 1.05)
    small = surface
    if ratio < 1:
        # by its size: given a ratio, OpenCV would scale by it exactly and cut off part of a pixel
        fewer = (round(surface.shape[1] * ratio), round(surface.shape[0] * ratio))
        small = cv2.resize(surface, fewer, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    outline = np.array([[0.0, 0], [width, 0], [width, height], [0, height]])
    onto = _edges(outline, corners)
    size = (frame.shape[1], frame.shape[0])
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), onto, size)[..., None]
    # Outside the print the border is repeated, so that the mask alone decides where it ends.
    print_ = cv2.warpPerspective(small, onto, size, borderMode=cv2.BORDER_REPLICATE)
    under = frame.astype(np.float32)
    return np.asarray(under + (print_.astype(np.float32) - under) * mask)


def _bent(points: Floats, shot: Shot) -> Floats:
    """Where a lens with barrel distortion (Brown's k1) puts what a straight one sees at points."""
    centre = np.array(shot.size) / 2
    rays = (points - centre) / shot.focal
    square = (rays**2).sum(axis=-1, keepdims=True)
    return np.asarray(centre + rays * (1 + shot.barrel * square) * shot.focal)


def _bend(frame: Pixels, shot: Shot) -> Pixels:
    """The frame as that lens sees it."""
    y, x = np.mgrid[: shot.size[1], : shot.size[0]]
    wanted = np.stack([x + 0.5, y + 0.5], axis=-1)
    straight = wanted.copy()
    for _ in range(8):  # converges: the distortion is small
        straight += wanted - _bent(straight, shot)
    source = (straight - 0.5).astype(np.float32)
    return np.asarray(
        cv2.remap(frame, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    )


def _sense(frame: Pixels, shot: Shot, seed: int, number: int) -> Pixels:
    """What the sensor makes of the light, with the frame's number painted on."""
    if shot.blur:
        frame = cv2.GaussianBlur(frame, (0, 0), shot.blur)
    if shot.motion_blur:
        smear = np.ones((1, shot.motion_blur), np.float32) / shot.motion_blur
        frame = cv2.filter2D(frame, -1, smear)
    falloff = np.linspace(1.0, 1.0 - shot.side_light, shot.size[0], dtype=np.float32)[None, :, None]
    noise = np.random.default_rng(seed).standard_normal(frame.shape, np.float32)
    lit = frame * np.float32(shot.light) * falloff + noise * np.float32(shot.noise)
    seen = np.clip(lit, 0, 255).astype(np.uint8)
    for bit in range(8):
        seen[0:16, bit * 16 : bit * 16 + 16] = 255 if (number >> bit) & 1 else 0
    return seen


def main(source: str, folder: str, *names: str) -> None:
    """Render shots of a picture into a folder."""
    picture = cv2.imread(source)
    if picture is None:
        sys.exit(f"{source}: not a picture OpenCV can read")
    for name in names or STANDARD:
        if name not in STANDARD:
            sys.exit(f"unknown shot {name!r}; there are: {', '.join(STANDARD)}")
        sys.stdout.write(f"{write(picture, STANDARD[name], Path(folder), name)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
