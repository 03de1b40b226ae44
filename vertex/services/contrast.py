"""Colours that can be read, by the contrast formula of WCAG 2."""

import re

BLACK, WHITE = "#000000", "#ffffff"
ENOUGH = 4.5  # for words of any size

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_STEPS = 100


def is_colour(text: str) -> bool:
    """Tell whether this is a colour as we write it: `#a8401f`."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return how well one colour stands out from another: 1 not at all, 21 as black from white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on this colour; either is read well."""
    return max(WHITE, BLACK, key=lambda ink: contrast(ink, colour))


def readable_on(paper: str, colour: str) -> str:
    """Return the colour, or the nearest darker or lighter one that can be read on this paper."""
    ink = ink_on(paper)
    shades = (_mixed(colour, ink, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, paper) >= ENOUGH)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, ink: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(ink), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
