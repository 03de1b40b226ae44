"""What somebody typed to find something, in parts that full-text indexes know."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, false, or_

from vertex.models.folding import (
    digits,
    fold,
    name_of_part,
    names_of_parts,
    spaced,
    without_nul,
)

_TRIGRAM = 3
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: parts of which a row has all, or one is enough."""

    parts: tuple[str, ...]
    any_is_enough: bool = False
    is_spelt: bool = True  # words, and not digits or the names of signs

    @property
    def long(self) -> "Asked":
        """Return those parts that a full-text index knows."""
        return replace(self, parts=tuple(filter(_is_known, self.parts)))

    @property
    def is_number(self) -> bool:
        """Whether it is a part of a phone, or a number of the notes."""
        return self.any_is_enough

    @property
    def is_word(self) -> bool:
        """Whether it is one word, with which a name may begin."""
        return len(self.parts) == 1 and self.is_spelt

    @property
    def is_short(self) -> bool:
        """Whether one of the parts is of one or two letters."""
        return min(map(len, self.parts), default=0) < _TRIGRAM

    @property
    def is_indexed(self) -> bool:
        """Whether the full-text index can tell all that may be meant."""
        return bool(self.long.parts) and not (self.any_is_enough and self.long != self)

    def joined(self, conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
        """Return the condition of a row by those of its parts."""
        return or_(false(), *conditions) if self.any_is_enough else and_(*conditions)


def place_of(part: str) -> str:
    """What a text holds that has this part: one or two letters are the beginning of a word.

    Digits are found anywhere: people type the end of an order's number, and many have any two.
    """
    words = spaced(part)
    begins_word = len(part) < _TRIGRAM and part.isalpha()
    return words if begins_word else words.removeprefix("  ")


def _is_known(part: str) -> bool:
    """Whether the full-text indexes of both databases know where this part is.

    PostgreSQL's knows of words alone, with two spaces before and one behind them.
    """
    place = place_of(part)
    if len(place) < _TRIGRAM:
        return False
    words = _WORD.finditer(place)
    return any(2 * bool(w.start()) + len(w[0]) + (w.end() < len(place)) >= _TRIGRAM for w in words)


def understood(typed: str) -> Asked | None:
    """Return what was asked for, folded; None if nothing was typed."""
    typed = without_nul(typed)[:_LONGEST].strip()
    if not typed:
        return None
    if _PHONE.fullmatch(typed):
        # a number of the notes, such as a date, is looked for as it stands
        found = dict.fromkeys((fold(typed), *_numbers(digits(typed))))
        return Asked(tuple(found), any_is_enough=True, is_spelt=False)
    words = tuple(dict.fromkeys(fold(typed).split()))
    parts = tuple(dict.fromkeys(known for word in words for known in _as_known(word)))
    return Asked(parts, is_spelt=parts == words)


def _as_known(part: str) -> Sequence[str]:
    """Return a part, or what stands for it where full-text indexes do not know it."""
    names = names_of_parts(part)
    if _is_known(part) or not names:
        return [part]
    return [name_of_part(part)] if len(part) < _TRIGRAM else [part, *names]


def _numbers(typed: str) -> Iterator[str]:
    """What may be stored of a number: with its country's code, where people dial 8 or 0 instead."""
    yield typed
    shorter = typed.lstrip("0") if typed.startswith("0") else typed[1:]
    if typed[0] in "08" and len(shorter) >= _TRIGRAM:
        yield shorter
