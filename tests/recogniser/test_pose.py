"""A portrait's place in space, beside its homography, against the true one of rendered clips."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from tests import clips, pictures
from tests.clips import Shot
from vertex.recogniser import Found, Recogniser, build_marker

FRAMES = 60
LEARNT = 30  # frames after which the camera's focal length is known
OUTLINE = np.array([[-0.5, 1, 0], [0.5, 1, 0], [0.5, -1, 0], [-0.5, -1, 0]])  # y in halves

PHOTOGRAPHS = ("astronaut", "coffee", "chelsea")
TILTED = {
    f"{name}, {focal:.0f} px": replace(shot, focal=focal)
    for focal in (400.0, 520.0, 700.0)
    for name, shot in {"tilted": Shot(tilt=40), "moving": Shot(motion=1.0)}.items()
}
SMALL = {"turned away and small": Shot(yaw=40, scale=0.3, focal=700)}


@dataclass
class Seen:
    """What was found in a clip, and the true poses of the same frames."""

    shot: Shot
    aspect: float
    found: list[Found]
    true: list[clips.Floats]

    def turns(self) -> clips.Floats:
        """By how many degrees each rotation is off."""
        off = [a.pose[:, :3] @ b[:, :3].T for a, b in zip(self.found, self.true, strict=True)]
        return np.degrees(np.arccos([np.clip((np.trace(turn) - 1) / 2, -1, 1) for turn in off]))

    def places(self) -> clips.Floats:
        """By which share of its distance each place is off."""
        return np.array(
            [
                np.linalg.norm(a.pose[:, 3] - b[:, 3]) / np.linalg.norm(b[:, 3])
                for a, b in zip(self.found, self.true, strict=True)
            ]
        )


def look(photograph: str, shot: Shot) -> Seen:
    """Follow a clip of a photograph."""
    picture = pictures.PICTURES[photograph]()
    aspect = picture.shape[1] / picture.shape[0]
    recogniser = Recogniser(build_marker(pictures.jpeg(picture)))
    found, true = [], []
    for number, (frame, _) in enumerate(clips.render(picture, replace(shot, frames=FRAMES))):
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        [one] = recogniser.find(grey)
        found.append(one)
        true.append(clips.pose(shot, aspect, number))
    return Seen(shot, aspect, found, true)


@pytest.mark.parametrize("photograph", PHOTOGRAPHS)
@pytest.mark.parametrize("situation", [*TILTED, *SMALL])
def test_a_print_stands_where_it_is(photograph: str, situation: str) -> None:
    seen = look(photograph, (TILTED | SMALL)[situation])

    focal = np.array([found.focal for found in seen.found[LEARNT:]])
    assert np.abs(focal / seen.shot.focal - 1).max() < 0.05
    assert np.percentile(seen.turns()[LEARNT:], 95) < 0.5
    assert np.percentile(seen.places()[LEARNT:], 95) < 0.05


@pytest.mark.parametrize("photograph", PHOTOGRAPHS)
def test_a_print_seen_from_the_front_says_nothing_of_the_camera(photograph: str) -> None:
    seen = look(photograph, Shot(focal=400))

    focal = np.array([found.focal for found in seen.found])
    assert np.all((focal > 0.55 * 640) & (focal < 1.05 * 640)), "it stays where cameras are"
    assert np.percentile(seen.turns(), 95) < 2


def test_the_pose_projects_onto_the_homography() -> None:
    seen = look("astronaut", Shot(tilt=30, yaw=20))

    for found in seen.found:
        rotation = found.pose[:, :3]
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(rotation) == pytest.approx(1)
        points = OUTLINE * [1, 0.5 / seen.aspect, 1] @ rotation.T + found.pose[:, 3]
        assert np.all(points[:, 2] < 0), "in front of the camera, which looks along -z"
        screen = found.focal * points[:, :2] / -points[:, 2:] * [1, -1] + [320, 240]
        width, height = 384, 512  # of astronaut, px
        corners = np.array([[[0.0, 0], [width, 0], [width, height], [0, height]]])
        picture = pictures.astronaut()
        corners *= [picture.shape[1] / width, picture.shape[0] / height]
        laid = cv2.perspectiveTransform(corners, found.homography)[0]
        assert np.linalg.norm(screen - laid, axis=1).max() < 1


def test_a_still_print_stands_still() -> None:
    seen = look("astronaut", Shot(tilt=40))

    turns = np.array([found.pose[:, :3].ravel() for found in seen.found[LEARNT:]])
    true = np.array([pose[:, :3].ravel() for pose in seen.true[LEARNT:]])
    trembling = np.degrees(np.diff(turns - true, n=2, axis=0).std() / 6**0.5)
    assert trembling < 0.05


def test_the_camera_is_forgotten_with_the_frames_before() -> None:
    picture = pictures.astronaut()
    recogniser = Recogniser(build_marker(pictures.jpeg(picture)))
    frames = _greys(picture, Shot(tilt=40, focal=400, frames=FRAMES))
    first = recogniser.find(frames[0])[0]
    for frame in frames:
        recogniser.find(frame)
    recogniser.reset()
    again = recogniser.find(frames[0])[0]

    assert again.focal == first.focal
    assert np.array_equal(again.pose, first.pose)


def test_the_camera_is_forgotten_when_it_turns() -> None:
    picture = pictures.astronaut()
    recogniser = Recogniser(build_marker(pictures.jpeg(picture)))
    for frame in _greys(picture, Shot(tilt=40, focal=400, frames=FRAMES)):
        recogniser.find(frame)
    upright = Shot(tilt=0, scale=0.45, size=(480, 640), frames=3)
    found = [found for frame in _greys(picture, upright) for found in recogniser.find(frame)]

    assert found[-1].focal == pytest.approx(0.8 * 640, rel=0.1), "as before anything was seen"


def _greys(picture: pictures.Pixels, shot: Shot) -> list[pictures.Pixels]:
    return [
        np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        for frame, _ in clips.render(picture, shot)
    ]
