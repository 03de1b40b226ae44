"""What a frame costs, as ratios: absolute times are the benchmark's (make bench-recogniser)."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import clips, pictures
from tests.recogniser.test_clips import shortened
from vertex.recogniser import Recogniser, build_marker

ROOT = Path(__file__).parents[2]


def seconds_of(recogniser: Recogniser, frame: clips.Pixels) -> float:
    began = time.perf_counter()
    assert recogniser.find(frame)
    return time.perf_counter() - began


@pytest.mark.parametrize("shot", ["frontal", "small18"])
def test_following_costs_less_than_a_third_of_searching(astronaut: bytes, shot: str) -> None:
    following, searching = Recogniser(astronaut), Recogniser(astronaut)
    followed, searched = [], []
    for frame in clips.read_frames(pictures.clip("astronaut", shortened(shot))):
        searching.reset()
        searched.append(seconds_of(searching, frame))
        followed.append(seconds_of(following, frame))

    assert statistics.median(followed) < statistics.median(searched) / 3


@pytest.mark.parametrize("picture", ["motorcycle", "hubble"])
def test_the_benchmarks_own_photographs_are_told_apart(picture: str, astronaut: bytes) -> None:
    other = build_marker(pictures.jpeg(pictures.PICTURES[picture]()))
    for frame in clips.read_frames(pictures.clip("astronaut", shortened("tilt40"))):
        assert Recogniser(other).find(frame) == []


def test_measuring_ours_alone_needs_no_peer() -> None:
    program = (
        "import sys, benchmarks.recogniser.offline, benchmarks.recogniser.beyond, "
        "benchmarks.recogniser.timing, benchmarks.recogniser.chromium; "
        "sys.exit('benchmarks.recogniser.peers' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
