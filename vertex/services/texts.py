"""The studio's own words for what it tells its clients, in each language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vertex.errors import ConflictError, InvalidError
from vertex.models import AuditAction, LetterKind, Setting
from vertex.models.folding import without_nul
from vertex.services import audit
from vertex.services._settings import find_setting, locked_setting
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

PLACEHOLDERS = ("client", "studio", "link", "pin", "order")
LONGEST_SUBJECT = 150
LONGEST_TEXT = 3000
SUBJECT = "texts"

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a message, with places for what differs: `{client}`."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The studio's own texts in one language; what is missing is ours. `version` counts edits."""

    own: Mapping[LetterKind, Text]
    version: int = 0


def get(language: str) -> Texts:
    """Return what the studio has written in this language."""
    return _texts(find_setting(_key(language)))


def judge(kind: LetterKind, part: str, typed: str) -> str:
    """Return a subject or a text in the form that is stored, or raise InvalidError at its field."""
    field, typed = field_of(kind, part), without_nul(typed).replace("\r\n", "\n").strip()
    if part == "subject":
        typed = " ".join(typed.split())
    limit = LONGEST_SUBJECT if part == "subject" else LONGEST_TEXT
    if not typed:
        raise InvalidError("text_missing", field=field)
    if len(typed) > limit:
        raise InvalidError("text_long", field=field, limit=limit)
    for name in _PLACEHOLDER.findall(typed):
        if name not in PLACEHOLDERS:
            raise InvalidError("placeholder_unknown", field=field, name=f"{{{name[:40]}}}")
    if part == "subject" and "{pin}" in typed:
        raise InvalidError("pin_in_subject", field=field)
    if part == "text" and "{link}" not in typed:
        raise InvalidError("link_missing", field=field)
    return typed


def field_of(kind: LetterKind, part: str) -> str:
    """Return how forms name a part of a text."""
    return f"{kind.value}_{part}"


def change(language: str, typed: Mapping[LetterKind, Text], *, version: int, actor: Actor) -> Texts:
    """Store the studio's words; ConflictError if somebody has changed them since that version."""
    cleaned = {
        kind: Text(judge(kind, "subject", text.subject), judge(kind, "text", text.text))
        for kind, text in typed.items()
    }
    return _store(language, cleaned, version, actor)


def reset(language: str, kind: LetterKind, *, actor: Actor) -> Texts:
    """Go back to our words for this kind of message."""
    with atomic():
        known = _texts(locked_setting(_key(language)))
        left = {name: text for name, text in known.own.items() if name is not kind}
        return _store(language, left, known.version, actor)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its values; a line whose value is not known is left out."""

    def put(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    def is_told(line: str) -> bool:
        return all(values.get(name, name) for name in _PLACEHOLDER.findall(line))

    lines = [_PLACEHOLDER.sub(put, line) for line in text.split("\n") if is_told(line)]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def _store(language: str, own: Mapping[LetterKind, Text], version: int, actor: Actor) -> Texts:
    with atomic():
        setting = locked_setting(_key(language))
        before = _texts(setting)
        if before.version != version:
            raise ConflictError("changed_meanwhile")
        if before.own != own:
            setting.value = {
                kind.value: {"subject": text.subject, "text": text.text}
                for kind, text in own.items()
            }
            setting.version += 1
            audit.record(actor, AuditAction.TEXTS_CHANGED, SUBJECT, {"language": language})
    return _texts(setting)


def _texts(setting: Setting | None) -> Texts:
    if setting is None:
        return Texts({})
    own = {LetterKind(kind): Text(**parts) for kind, parts in setting.value.items()}
    return Texts(own, setting.version)


def _key(language: str) -> str:
    return f"texts.{language}"
