"""The proof foretells how well a print will be recognised."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.proof import any_marker, spearman
from benchmarks.proof_clips import SHOTS, recognition_rate
from benchmarks.proof_pictures import PICTURES
from tests import pictures
from vertex.recogniser import (
    BadMarkerError,
    BadPictureError,
    Proof,
    advise,
    build_marker,
    draw_features,
    prove,
)
from vertex.recogniser.marker import decode
from vertex.recogniser.proof.prints import Look, show

ROOT = Path(__file__).parents[2]


@cache
def proof_of(name: str) -> Proof:
    image = pictures.jpeg(PICTURES[name]())
    return prove(image, any_marker(image)[0])


def codes_of(picture: np.ndarray, rating: int = 1) -> set[str]:
    return {advice.code for advice in advise(decode(pictures.jpeg(picture))[0], rating)}


def test_a_good_photograph_is_rated_above_its_spoilt_copies() -> None:
    names = ["astronaut", "astronaut, hopeless", "coffee", "coffee, pale"]
    good, soft, coffee, pale = (proof_of(name) for name in names)

    assert good.rating == 5
    assert good.score > soft.score and coffee.score > pale.score
    assert soft.rating <= 3 and pale.rating == 1


def test_the_order_is_the_one_a_camera_finds_in_another_room() -> None:
    names = ["astronaut", "astronaut, hopeless", "cat", "coffee, pale", "page of text"]
    filmed = [
        recognition_rate(
            any_marker(pictures.jpeg(PICTURES[name]()))[0], PICTURES[name](), SHOTS[::3]
        )
        for name in names
    ]

    assert spearman([proof_of(name).score for name in names], filmed) >= 0.6


def test_the_figures_agree_with_the_looks() -> None:
    proof = proof_of("astronaut")

    assert proof.looks == len(proof.results) == 100
    assert proof.recognised == sum(result.recognised for result in proof.results)
    assert proof.smallest_size is not None and 0.1 <= proof.smallest_size <= 0.22
    assert proof.largest_angle is not None and 60 <= proof.largest_angle < 80
    assert all(result.off is not None for result in proof.results if result.recognised)


def test_the_same_picture_is_proved_alike_and_every_look_is_told() -> None:
    image = pictures.jpeg(pictures.coffee())
    told: list[tuple[int, int]] = []

    proof = prove(image, build_marker(image), lambda done, total: told.append((done, total)))

    assert proof == proof_of("coffee")
    assert told == [(done, 100) for done in range(1, 101)]


def test_a_preview_is_proved_by_the_marker_of_its_original() -> None:
    image = pictures.jpeg(pictures.coffee())

    proof = prove(image, build_marker(image, (2880, 1920)), size=(2880, 1920))

    assert proof.recognised == proof_of("coffee").recognised


def test_the_marker_of_another_picture_is_recognised_in_no_look() -> None:
    coffee = build_marker(pictures.jpeg(pictures.coffee()))

    proof = prove(pictures.jpeg(pictures.chelsea()), coffee)

    assert (proof.recognised, proof.rating, proof.places) == (0, 1, ())
    assert proof.smallest_size is None and proof.largest_angle is None


def test_recognised_places_lie_on_the_head_not_on_the_plain_backdrop() -> None:
    places = proof_of("headshot, plain backdrop").places

    on_head = [p for p in places if 0.2 < p.x < 0.8 and 0.22 < p.y < 0.83]

    assert len(places) >= 40
    assert len(on_head) >= 0.95 * len(places)
    assert all(0 < p.share <= 1 for p in places)


def test_the_drawing_is_in_colour_where_the_portrait_is_recognised() -> None:
    image = pictures.jpeg(PICTURES["headshot, plain backdrop"]())

    drawn = draw_features(image, proof_of("headshot, plain backdrop").places)

    pixels = np.asarray(cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR), np.float64)
    assert pixels.shape == (1000, 750, 3)
    backdrop, head = pixels[:150], pixels[350:750, 220:520]
    assert backdrop.mean() < 80 < head.mean()


def test_advice_names_what_is_wrong() -> None:
    assert "sharper" in codes_of(PICTURES["astronaut, very soft"]())
    assert "contrast" in codes_of(PICTURES["coffee, pale"]())
    assert "crop_closer" in codes_of(PICTURES["headshot, plain backdrop"]())
    assert "larger" in codes_of(np.asarray(cv2.resize(pictures.astronaut(), (300, 400)), np.uint8))
    tiles = np.tile(pictures.coffee()[100:220, 300:420], (6, 6, 1))
    assert "repetitive" in codes_of(tiles)


def test_a_good_photograph_needs_no_advice() -> None:
    assert codes_of(pictures.astronaut()) == set()
    assert proof_of("astronaut").advice == ()


def test_the_best_rating_needs_no_advice_whatever_the_picture() -> None:
    assert codes_of(PICTURES["astronaut, very soft"](), rating=5) == set()


def test_damaged_files_are_refused() -> None:
    image = pictures.jpeg(pictures.coffee())

    with pytest.raises(BadPictureError):
        prove(b"<html>", build_marker(image))
    with pytest.raises(BadMarkerError):
        prove(image, b"no marker")
    with pytest.raises(BadPictureError):
        draw_features(image[:3000], ())


def test_a_simulated_print_lies_where_it_is_said_to() -> None:
    white = np.full((400, 300), 255, np.uint8)

    frame, corners = show(white, Look("size", size=0.5, yaw=40, background=4, noise=0), 0)

    inside = cv2.fillPoly(np.zeros_like(frame), [np.round(corners).astype(np.int32)], 1) == 1
    assert frame[inside].mean() > 150
    assert inside.sum() == pytest.approx((np.asarray(frame) > 190).sum(), rel=0.1)


def test_the_module_proves_a_picture_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "in.jpg").write_bytes(pictures.jpeg(pictures.astronaut()))

    done = subprocess.run(
        [sys.executable, "-m", "vertex.recogniser", "prove", "in.jpg", "out.jpg"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )

    proof = proof_of("astronaut")
    assert f"recognised in {proof.recognised} of 100 looks, rating 5 of 5" in done.stdout
    assert cv2.imread(str(tmp_path / "out.jpg")) is not None
