"""Every sentence is there in Russian, and means to say the same things."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import vertex

ROOT = Path(vertex.__file__).parents[1]
RUSSIAN = ROOT / "vertex" / "translations" / "ru" / "LC_MESSAGES"
METHODS = [("vertex/**.py", "python"), ("vertex/templates/**.html", "jinja2")]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (RUSSIAN / "messages.po").open("rb") as file:
        return read_po(file, locale="ru")


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_has_the_sentences_of_the_source_and_no_others(catalogue: Catalog) -> None:
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, method_map=METHODS, keywords=keywords, directory_filter=ours)

    assert {forms(m.id) for m in messages(catalogue)} == {forms(text) for _, _, text, _, _ in found}


def ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "instance", "node_modules"))


def test_every_sentence_is_translated_with_its_values(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        assert not message.fuzzy, message.id
        assert len(forms(message.string)) == (catalogue.num_plurals if message.pluralizable else 1)
        meant = values(" ".join(forms(message.id)))
        for form in forms(message.string):
            assert form, message.id
            assert values(form) == meant, message.id


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """The sentence, or its forms for different numbers."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def values(sentence: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", sentence))


def test_the_compiled_catalogue_is_up_to_date(catalogue: Catalog) -> None:
    with (RUSSIAN / "messages.mo").open("rb") as file:
        compiled = read_mo(file)

    assert {forms(m.id): forms(m.string) for m in messages(compiled)} == {
        forms(m.id): forms(m.string) for m in messages(catalogue)
    }
