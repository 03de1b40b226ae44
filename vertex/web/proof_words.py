"""Proofs in words: what a rating means, how far a print may be, and what would help."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

_RATINGS: Mapping[int, LazyString] = {
    1: _("hardly recognised"),
    2: _("poor"),
    3: _("fair"),
    4: _("good"),
    5: _("excellent"),
}
_ADVICE: Mapping[str, LazyString] = {
    "sharper": _("The photo is soft. A sharper one, or one in its original size, will do better."),
    "contrast": _(
        "Dark and bright lie close together. More contrast in the picture that is printed helps: "
        "please upload the picture as it will be printed."
    ),
    "larger": _(
        "The picture has %(px)s px on its long side. From 600 px on there is more to recognise "
        "from near."
    ),
    "repetitive": _(
        "A pattern looks alike in many places (%(percent)s %% of the details). "
        "Another part of the photo, with less of the pattern, will do better."
    ),
    "crop_closer": _(
        "Only %(percent)s %% of the picture has details. A closer crop helps: from %(left)s %% to "
        "%(right)s %% of its width and from %(top)s %% to %(bottom)s %% of its height."
    ),
    "texture": _(
        "Large areas are plain: only %(percent)s %% has something to recognise. "
        "A livelier background, or a frame with a pattern, helps."
    ),
}
# px of a phone's main camera over the height of the frame, as the proof assumes them
_FOCAL = 560 / 480
_PRINT = 15  # cm, the long side of a print everybody knows


def init_app(app: Flask) -> None:
    """Give the templates their words for proofs."""
    app.jinja_env.filters["rating"] = rating_in_words
    app.jinja_env.filters["advice"] = advice_in_words
    app.jinja_env.filters["reach"] = reach


def rating_in_words(rating: int) -> str:
    """What a rating means."""
    return str(_RATINGS[rating])


def advice_in_words(advice: list[dict[str, Any]]) -> list[str]:
    """Each piece of advice as a sentence."""
    known = [one for one in advice if one["code"] in _ADVICE]
    return [str(_ADVICE[one["code"]]) % one for one in known]


def reach(smallest_size: float) -> int:
    """From how far, in cm, a print of 10 × 15 cm is still recognised."""
    return round(_PRINT * _FOCAL / smallest_size / 5) * 5
