"""Text made comparable: what a person types finds what another person wrote."""

import re
import unicodedata

_LETTERS = {ord(digit): 0x1681 + n for n, digit in enumerate("0123456789abcdef")}
_END, _BETWEEN = chr(0x1691), chr(0x1692)
_NO_DIGIT = re.compile(r"\D+", re.ASCII)


def fold(text: str) -> str:
    """The text without case, accents, ё and stray spaces: «Семёнова  Анна» → «семенова анна»."""
    decomposed = unicodedata.normalize("NFKD", without_nul(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    # signs such as № are taken apart into capitals
    return " ".join(bare.casefold().split())


def searchable(*folded: str) -> str:
    """Folded texts, a line for each that is not empty, and a line that names parts of their words.

    Two spaces stand before every word, the first of a line too: with one letter they are what a
    full-text index of three characters knows.
    """
    lines = (*folded, " ".join(names_of_parts(" ".join(folded))))
    return "".join(f"\n{spaced(line)}" for line in lines if line)


def names_of_parts(folded: str) -> list[str]:
    """Name each sign of a text, and each two characters that are not letters or digits alone.

    No full-text index knows so short a part from the middle of a word by itself.
    """
    parts = (
        word[at : at + size]
        for word in folded.split()
        for size in (1, 2)
        for at in range(len(word) + 1 - size)
    )
    return [name_of_part(part) for part in sorted(set(parts)) if is_named(part)]


def name_of_part(part: str) -> str:
    """Return a word in letters of Ogham, which nobody types and no other part's name holds."""
    return _END + _BETWEEN.join(f"{ord(char):x}".translate(_LETTERS) for char in part) + _END


def is_named(part: str) -> bool:
    """Whether a part is neither of letters, with the marks on them, nor of digits alone."""
    kinds = {unicodedata.category(char)[0].replace("M", "L") for char in part}
    return kinds not in ({"L"}, {"N"})


def spaced(folded: str) -> str:
    """Folded words as they stand in what is searched."""
    return "".join(f"  {word}" for word in folded.split())


def without_nul(text: str) -> str:
    """The text without the one character that PostgreSQL cannot store."""
    return text.replace("\0", "")


def digits(text: str) -> str:
    """Only the digits 0 to 9."""
    return _NO_DIGIT.sub("", text)
