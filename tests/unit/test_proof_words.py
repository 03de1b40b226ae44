"""Proofs in words: whatever the recogniser can say, people can read."""

from typing import get_args

import pytest
from flask import Flask

from vertex.recogniser.proof.advising import Code
from vertex.recogniser.proof.rating import RATINGS
from vertex.web.proof_words import advice_in_words, rating_in_words, reach

FIGURES = ("levels", "px", "percent", "left", "top", "right", "bottom")


def test_every_advice_has_a_sentence(vertex_app: Flask) -> None:
    advice = [{"code": code, **dict.fromkeys(FIGURES, 17)} for code in get_args(Code)]

    with vertex_app.test_request_context():
        sentences = advice_in_words(advice)

    assert len(set(sentences)) == len(advice)
    assert not [sentence for sentence in sentences if "%(" in sentence]


def test_advice_of_a_later_version_is_left_out(vertex_app: Flask) -> None:
    with vertex_app.test_request_context():
        assert advice_in_words([{"code": "not yet"}]) == []


def test_every_rating_has_a_word(vertex_app: Flask) -> None:
    with vertex_app.test_request_context():
        words = {rating_in_words(rating) for rating in range(1, len(RATINGS) + 2)}

    assert len(words) == len(RATINGS) + 1


@pytest.mark.parametrize(("size", "distance"), [(0.25, 70), (0.5, 35), (0.15, 115)])
def test_a_print_half_as_far_is_seen_twice_as_large(size: float, distance: int) -> None:
    assert reach(size) == distance
