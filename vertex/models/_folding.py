"""Text made comparable: what a person types finds what another person wrote."""

import re
import unicodedata

_NO_DIGIT = re.compile(r"\D+", re.ASCII)


def fold(text: str) -> str:
    """The text without case, accents, ё and stray spaces: «Семёнова  Анна» → «семенова анна»."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


def digits(text: str) -> str:
    """Only the digits 0 to 9."""
    return _NO_DIGIT.sub("", text)
