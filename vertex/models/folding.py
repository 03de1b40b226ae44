"""Text made comparable: what a person types finds what another person wrote."""

import re
import unicodedata

_SIGNS = "CPS"  # the classes of Unicode that are neither letters, marks on them nor numbers
_NO_DIGIT = re.compile(r"\D+", re.ASCII)


def fold(text: str) -> str:
    """The text without case, accents, ё and stray spaces: «Семёнова  Анна» → «семенова анна»."""
    decomposed = unicodedata.normalize("NFKD", without_nul(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    # signs such as № are taken apart into capitals
    return " ".join(bare.casefold().split())


def searchable(*folded: str) -> str:
    """Folded texts, a line for each that is not empty, and a line that names their signs.

    Two spaces stand before every word, the first of a line too: with one letter they are what a
    full-text index of three characters knows.
    """
    lines = (*folded, " ".join(names_of_signs(" ".join(folded))))
    return "".join(f"\n{spaced(line)}" for line in lines if line)


def names_of_signs(folded: str) -> list[str]:
    """Words for each sign that is neither letter nor digit, and for each two characters with one.

    No full-text index knows so short a part of a word by itself.
    """
    parts = (
        word[at : at + size]
        for word in folded.split()
        for size in (1, 2)
        for at in range(len(word) + 1 - size)
    )
    return [name_of_sign(part) for part in sorted(set(parts)) if has_sign(part)]


def name_of_sign(part: str) -> str:
    """Name a part, which no other part's name holds."""
    return "q" + "".join(f"x{ord(char):x}" for char in part) + "q"


def has_sign(part: str) -> bool:
    """Whether there is something in it that is neither letter nor digit."""
    return any(unicodedata.category(char)[0] in _SIGNS for char in part)


def spaced(folded: str) -> str:
    """Folded words as they stand in what is searched."""
    return "".join(f"  {word}" for word in folded.split())


def without_nul(text: str) -> str:
    """The text without the one character that PostgreSQL cannot store."""
    return text.replace("\0", "")


def digits(text: str) -> str:
    """Only the digits 0 to 9."""
    return _NO_DIGIT.sub("", text)
