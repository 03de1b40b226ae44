"""Text made comparable: what a person types finds what another person wrote."""

import re
import unicodedata

_NO_DIGIT = re.compile(r"\D+", re.ASCII)


def fold(text: str) -> str:
    """The text without case, accents, ё and stray spaces: «Семёнова  Анна» → «семенова анна»."""
    decomposed = unicodedata.normalize("NFKD", without_nul(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    # signs such as № are taken apart into capitals
    return " ".join(bare.casefold().split())


def searchable(*folded: str) -> str:
    """Folded texts, a line for each that is not empty.

    A space stands before every word, the first of a line too.
    """
    return "".join(f"\n {text}" for text in folded if text)


def without_nul(text: str) -> str:
    """The text without the one character that PostgreSQL cannot store."""
    return text.replace("\0", "")


def digits(text: str) -> str:
    """Only the digits 0 to 9."""
    return _NO_DIGIT.sub("", text)
