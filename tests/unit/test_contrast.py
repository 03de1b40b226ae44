"""Colours that can be read, whatever a studio has chosen."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vertex
from vertex.services.contrast import ENOUGH, contrast, ink_on, is_colour, readable_on
from vertex.web.studio import DARK_PAPER, LIGHT_PAPER

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
STATIC = Path(vertex.__file__).parent / "static"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # as WebAIM's contrast checker tells them
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#000000", 5.25),
        ("#a8401f", "#a8401f", 1),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.006)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#ffffff", "#000000"),
        ("#000000", "#ffffff"),
        ("#ffd500", "#000000"),
        ("#0b3d91", "#ffffff"),
    ],
)
def test_ink_is_the_one_that_is_read_better(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink


@given(COLOURS)
def test_ink_is_read_on_any_colour(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= ENOUGH


@given(COLOURS, COLOURS)
def test_any_colour_becomes_readable_on_any_paper(paper: str, colour: str) -> None:
    found = readable_on(paper, colour)

    assert is_colour(found)
    assert contrast(found, paper) >= ENOUGH


@given(COLOURS, COLOURS)
def test_what_is_readable_already_stays(paper: str, colour: str) -> None:
    if contrast(colour, paper) >= ENOUGH:
        assert readable_on(paper, colour) == colour


def test_no_more_is_changed_than_must_be() -> None:
    yellow = readable_on("#ffffff", "#ffd500")

    assert contrast(yellow, "#ffffff") < ENOUGH + 0.2
    red, green, blue = bytes.fromhex(yellow[1:])
    assert red > green > blue  # a dark yellow, no grey


@given(COLOURS)
def test_the_papers_are_those_of_the_customers_page(colour: str) -> None:
    """Whatever surface the page has, of day or of night, the studio's colour is read on it."""
    css = (STATIC / "ar" / "viewer.css").read_text()
    found = re.findall(r"--(?:paper|frame): (#[0-9a-f]{3,6});", css)
    surfaces = [s if len(s) == 7 else "#" + "".join(2 * digit for digit in s[1:]) for s in found]

    assert len(surfaces) == 4
    for surface in surfaces:
        light = ink_on(surface) == "#000000"
        shown = readable_on(LIGHT_PAPER if light else DARK_PAPER, colour)
        assert contrast(shown, surface) >= ENOUGH


@pytest.mark.parametrize("text", ["", "#fff", "a8401f", "#a8401g", "#A8401F", "#a8401f\n", "red"])
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)
