"""The benchmark's arithmetic: figures that decide whether a goal is met."""

import struct
from typing import Any

import numpy as np
import pytest

from benchmarks.recogniser import figures, goals
from benchmarks.recogniser.offline import jitter, wander
from benchmarks.recogniser.site import camera_parameters


def visit(who: str, turn: int, found: float | None, situation: str = "frontal") -> dict[str, Any]:
    return {"contestant": who, "round": turn, "situation": situation, "found": found}


def test_neither_an_offset_nor_a_slow_motion_is_jitter() -> None:
    moving = np.arange(9.0)[:, None, None] * np.ones((1, 4, 2))

    assert jitter(0.7 + 0.1 * moving) == pytest.approx(0)
    assert wander(np.full((9, 4, 2), 0.7)) == pytest.approx(0)


def test_jitter_is_the_deviation_of_a_coordinate() -> None:
    trembling = np.random.default_rng(1).normal(5, 0.1, (4000, 4, 2))

    assert jitter(trembling) == pytest.approx(0.1, rel=0.02)
    assert wander(trembling) == pytest.approx(0.1, rel=0.02)


def test_above_bare_compares_within_a_round() -> None:
    starts = [visit("bare", 0, 700), visit("vertex", 0, 800)]
    starts += [visit("bare", 1, 1700), visit("vertex", 1, 1750), visit("mindar", 1, None)]

    assert figures.above_bare(starts, "vertex") == [100, 50]
    assert figures.above_bare(starts, "mindar") == []


def test_a_goal_is_met_at_its_limit_and_not_beyond() -> None:
    def start(above: float) -> list[bool | None]:
        starts = [visit("bare", 0, 700), visit("vertex", 0, 700 + above)]
        starts += [visit("mindar", 0, 700 + 1500), visit("arjs", 0, 700 + 600)]
        return [row.met for row in goals.rows({"start": {"data": starts}})]

    assert start(150) == [True, True, False]
    assert start(120) == [True, True, True]
    assert start(151) == [False, False, False]


def test_the_camera_file_is_that_of_an_ideal_lens() -> None:
    width, height, *lens = struct.unpack(">2i16d", camera_parameters(640, 480, 520))

    assert (width, height, lens[0], lens[5], lens[2], lens[6]) == (640, 480, 520, 520, 320, 240)
    assert lens[12:] == [320, 240, 0, 1]
