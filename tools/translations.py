"""Bring the Russian catalogue up to date with the source, and compile it.

`python -m tools.translations` drops what is no longer said, adds what is new without a translation
and names it; `python -m tools.translations NEW.json` also fills in: English text to Russian text,
or to the three forms for 1, 2 and 5 of a thing.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
RUSSIAN = ROOT / "vertex" / "translations" / "ru" / "LC_MESSAGES"
METHODS = [("vertex/**.py", "python"), ("vertex/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def main(given: Sequence[str]) -> int:
    """Rewrite messages.po and messages.mo; 1 while something has no translation."""
    new = json.loads(Path(given[0]).read_text()) if given else {}
    with (RUSSIAN / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="ru")
    _match_source(catalogue)
    missing = _fill_in(catalogue, new)
    with (RUSSIAN / "messages.po").open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True)
    with (RUSSIAN / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    print(json.dumps(missing, ensure_ascii=False, indent=1))
    return 1 if missing else 0


def _match_source(catalogue: Catalog) -> None:
    found = extract_from_dir(
        ROOT, method_map=METHODS, keywords=KEYWORDS, directory_filter=_is_source
    )
    said = {_key(text): text for _, _, text, _, _ in found}
    for message in [message for message in catalogue if message.id]:
        if said.pop(_key(message.id), None) is None:
            catalogue.delete(message.id)
    for text in said.values():
        catalogue.add(text if isinstance(text, str) else tuple(text))


def _fill_in(catalogue: Catalog, new: Mapping[str, str | list[str]]) -> list[str]:
    missing = []
    for message in catalogue:
        if not message.id:
            continue
        key = _key(message.id)
        if key in new:
            given = new[key]
            message.string = given if isinstance(given, str) else tuple(given)
        if not _is_whole(message):
            missing.append(key)
    return missing


def _is_whole(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return all(forms)


def _key(text: str | Sequence[str]) -> str:
    """The sentence; of one with numbers the form for one thing."""
    return text if isinstance(text, str) else text[0]


def _is_source(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "instance", "node_modules"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
