"""Simulated prints: what the camera of a phone sees of a portrait that is not printed yet."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vertex.recogniser.proof.backgrounds import HEIGHT, WIDTH, background

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

FOCAL = 560.0  # px; a phone's main camera
_FINER = 2  # a frame is drawn so many times finer, then averaged: no jagged edges


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a print; angles in degrees, lengths in px of a frame of 640 x 480."""

    kind: str  # what is tried with it
    size: float = 0.6  # long side of the print, seen frontally, over the height of the frame
    tilt: float = 0.0  # about the horizontal axis
    yaw: float = 0.0  # about the vertical axis
    roll: float = 0.0  # in the plane of the picture
    light: float = 0.8  # gain
    side_light: float = 0.0  # how much darker it is at the far side of the frame, 0 to 1
    light_from: float = 0.0  # direction of that light
    blur: float = 0.0  # sigma of a defocus
    smear: int = 0  # length of a smear by motion
    smear_along: float = 0.0  # its direction
    noise: float = 3.0  # sigma, grey levels
    glare: float = 0.0  # strength of a white reflection, 0 to 1
    cover: float = 0.0  # share of the print that a hand hides
    corner: int = 0  # where hand and reflection lie: 0 to 3, clockwise from the top left
    background: int = 0

    @property
    def angle(self) -> float:
        """Between the line of sight and the print's normal, in degrees."""
        steep = np.cos(np.radians(self.tilt)) * np.cos(np.radians(self.yaw))
        return float(np.degrees(np.arccos(steep)))


def show(portrait: Grey, look: Look, seed: int) -> tuple[Grey, Floats]:
    """The frame (480 x 640) of a look, and the print's corners in it (4 x 2, px at pixel edges).

    The corners run clockwise from the portrait's top left; the same seed gives the same noise.
    """
    camera = _camera(look)
    height, width = portrait.shape
    longest = max(height, width)
    half = np.array([width, height]) / longest / 2
    plane = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners = _project(camera, plane)
    ratio = min(1.0, 1.1 * _FINER * look.size * HEIGHT / longest)
    small = cv2.resize(portrait, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    surface = _touch(np.asarray(small, np.float32), look)
    frame = _lay(surface, corners, background(look.background))
    return _sense(frame, look, np.random.default_rng(seed)), corners


def _camera(look: Look) -> Floats:
    """3 x 4, from the print's plane (long side 1, centred) to px."""
    rx, ry, rz = np.radians([look.tilt, look.yaw, look.roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(rx), -np.sin(rx)], [0, np.sin(rx), np.cos(rx)]])
    about_y = np.array([[np.cos(ry), 0, np.sin(ry)], [0, 1, 0], [-np.sin(ry), 0, np.cos(ry)]])
    about_z = np.array([[np.cos(rz), -np.sin(rz), 0], [np.sin(rz), np.cos(rz), 0], [0, 0, 1]])
    away = np.array([0.0, 0.0, FOCAL / (look.size * HEIGHT)])
    lens = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1]])
    return np.asarray(lens @ np.column_stack([about_z @ about_x @ about_y, away]))


def _project(camera: Floats, plane: Floats) -> Floats:
    points = np.column_stack([plane, np.zeros(len(plane)), np.ones(len(plane))]) @ camera.T
    return np.asarray(points[:, :2] / points[:, 2:])


def _touch(surface: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """The paper, which is never quite black or white, with what reflects in it and lies on it."""
    paper = 14 + surface * np.float32(0.9)
    height, width = paper.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    right, low = look.corner in (1, 2), look.corner in (2, 3)
    if look.glare:
        u = (x / width - (0.66 if right else 0.34)) / 0.2
        v = (y / height - (0.66 if low else 0.34)) / 0.15
        paper += 255 * look.glare * np.exp(-(u**2) - v**2)
    if look.cover:
        u = 1 - x / width if right else x / width
        v = 1 - y / height if low else y / height
        # a quarter of a disc about the corner; beyond the sides its share is not quite exact
        radius = 2 * (look.cover / np.pi) ** 0.5
        paper[u**2 + v**2 < radius**2] = 150
    return np.asarray(np.clip(paper, 0, 255), np.float32)


def _lay(surface: NDArray[np.float32], corners: Floats, under: Grey) -> NDArray[np.float32]:
    """The print over the background, at corners given in px of the frame."""
    left, top = np.clip(np.floor(corners.min(axis=0)) - 1, 0, (WIDTH, HEIGHT)).astype(int)
    right, low = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, (WIDTH, HEIGHT)).astype(int)
    box = (int(right - left), int(low - top))  # nothing is drawn finely but what the print touches
    fine = (box[0] * _FINER, box[1] * _FINER)
    height, width = surface.shape
    outline = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    # OpenCV counts from the centres of pixels, we count from their edges
    onto = cv2.getPerspectiveTransform(
        (outline - 0.5).astype(np.float32),
        ((corners - [left, top]) * _FINER - 0.5).astype(np.float32),
    )
    seen = cv2.warpPerspective(
        surface.astype(np.uint8), onto, fine, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), onto, fine)
    seen = cv2.resize(seen, box, interpolation=cv2.INTER_AREA)
    share = cv2.resize(mask, box, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    frame = under.astype(np.float32)
    below = frame[top:low, left:right]
    below += (seen.astype(np.float32) - below) * share
    return frame


def _sense(frame: NDArray[np.float32], look: Look, random: np.random.Generator) -> Grey:
    """What lens and sensor make of it."""
    if look.blur:
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), look.blur), np.float32)
    if look.smear:
        frame = np.asarray(cv2.filter2D(frame, -1, _smear(look)), np.float32)
    gain = np.full(frame.shape, look.light, np.float32)
    if look.side_light:
        along = np.radians(look.light_from)
        x = np.linspace(-0.5, 0.5, WIDTH, dtype=np.float32)[None, :] * np.cos(along)
        y = np.linspace(-0.5, 0.5, HEIGHT, dtype=np.float32)[:, None] * np.sin(along)
        gain *= 1 - look.side_light * np.clip(0.5 + x + y, 0, 1).astype(np.float32)
    noise = random.standard_normal(frame.shape, np.float32) * np.float32(look.noise)
    return np.asarray(np.clip(frame * gain + noise, 0, 255), np.uint8)


def _smear(look: Look) -> NDArray[np.float32]:
    kernel = np.zeros((look.smear, look.smear), np.float32)
    middle, along = (look.smear - 1) / 2, np.radians(look.smear_along)
    reach = np.array([np.cos(along), np.sin(along)]) * middle
    begin, end = np.round(middle - reach).astype(int), np.round(middle + reach).astype(int)
    cv2.line(kernel, tuple(begin.tolist()), tuple(end.tolist()), 1.0)
    return np.asarray(kernel / kernel.sum(), np.float32)
