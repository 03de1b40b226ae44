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
from vertex.recogniser.engine import Core

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


@pytest.mark.parametrize("shot", ["frontal", "small30", "tilt55"])
def test_a_slow_phones_search_costs_less_and_finds_the_print_too(
    astronaut: bytes, shot: str
) -> None:
    greatest, least = Recogniser(astronaut), Recogniser(astronaut)
    least.set_effort(2)
    costs: tuple[list[float], list[float]] = ([], [])
    for frame in clips.read_frames(pictures.clip("astronaut", shortened(shot)))[::2]:
        for recogniser, cost in zip((greatest, least), costs, strict=True):
            recogniser.reset()
            cost.append(seconds_of(recogniser, frame))

    assert statistics.median(costs[1]) < 0.9 * statistics.median(costs[0])


def test_an_effort_that_is_not_there_is_the_nearest() -> None:
    core = Core()

    assert [core.call("set_effort", wanted) for wanted in (-1, 0, 1, 2, 3)] == [0, 0, 1, 2, 2]
