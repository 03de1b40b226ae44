"""The studio's own face: the name, logo, colour and contact that customers see."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from vertex.errors import ConflictError, InvalidError
from vertex.media import images, logos
from vertex.models import AuditAction, Setting, uuid7
from vertex.models.folding import without_nul
from vertex.services import audit, loose_files
from vertex.services._contacts import clean_email, clean_phone, clean_website
from vertex.services._files import judge_size, new_files, refusals
from vertex.services._settings import find_setting, locked_setting
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.contrast import is_colour
from vertex.storage import Storage

MAX_LOGO_BYTES = 5 * 1024**2
LONGEST_NAME = 80
LONGEST_ADDRESS = 300
SUBJECT = "studio"

_KEY = "studio"
_AREA = "studio"
_LOGO = "logo"


@dataclass(frozen=True, slots=True)
class Details:
    """What a studio says of itself, as somebody has typed it; nothing of it must be said.

    Without an accent the design has its own colour.
    """

    name: str = ""
    accent: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""

    def cleaned(self) -> "Details":
        """Return the same in the form that is stored, or raise InvalidError."""
        return Details(**{name: _clean(name, getattr(self, name)) for name in FIELDS})


FIELDS = tuple(Details.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Studio(Details):
    """The studio as it is stored; `version` counts the edits of its details, not its logos."""

    logo_key: str | None = None
    logo_width: int = 0
    logo_height: int = 0
    version: int = 0


def get() -> Studio:
    """Return the studio, of which nothing may be known yet."""
    return _studio(find_setting(_KEY))


def judge(details: Details, field: str) -> None:
    """Raise what saving would raise because of this field."""
    _clean(field, getattr(details, field))


def sketch(details: Details) -> Studio:
    """Return the studio as it would be; what cannot be accepted is left as it is stored."""
    known = get()
    typed: dict[str, Any] = {}
    for name in FIELDS:
        try:
            typed[name] = _clean(name, getattr(details, name))
        except InvalidError:
            continue
    return replace(known, **typed)


def change(details: Details, *, version: int, actor: Actor) -> Studio:
    """Return the changed studio; ConflictError if somebody has changed it since that version."""
    details = details.cleaned()
    with atomic():
        setting = locked_setting(_KEY)
        before = _studio(setting)
        if before.version != version:
            raise ConflictError("changed_meanwhile")
        changed = [name for name in FIELDS if getattr(before, name) != getattr(details, name)]
        if changed:
            setting.value = setting.value | {name: getattr(details, name) for name in FIELDS}
            setting.version += 1
            audit.record(actor, AuditAction.STUDIO_CHANGED, SUBJECT, {"fields": changed})
    return _studio(setting)


def set_logo(source: BinaryIO, *, filename: str, actor: Actor, storage: Storage) -> Studio:
    """Return the studio with this logo; a refused one leaves nothing."""
    judge_size(source, MAX_LOGO_BYTES, kind="image", field=_LOGO)
    with refusals(_LOGO, images.ACCEPTED):
        logo = logos.prepare(source)
    with new_files(storage) as files:
        # an owner of its own: while one logo is being removed, the same may be stored again
        key = files.put(_AREA, uuid7(), io.BytesIO(logo.content), logo.extension)
        with atomic():
            files.settle()
            setting = locked_setting(_KEY)
            old = setting.file_key
            sizes = {"logo_width": logo.width, "logo_height": logo.height}
            setting.file_key, setting.value = key, setting.value | sizes
            details = {"file": without_nul(filename)[:200]}
            audit.record(actor, AuditAction.LOGO_SET, SUBJECT, details)
            loose_files.drop([old], storage)
    return _studio(setting)


def remove_logo(*, actor: Actor, storage: Storage) -> Studio:
    """Return the studio without a logo."""
    with atomic():
        setting = locked_setting(_KEY)
        old, setting.file_key = setting.file_key, None
        if old is not None:
            audit.record(actor, AuditAction.LOGO_REMOVED, SUBJECT)
        loose_files.drop([old], storage)
    return _studio(setting)


def _studio(setting: Setting | None) -> Studio:
    if setting is None:
        return Studio()
    known: dict[str, Any] = {name: setting.value.get(name, "") for name in FIELDS}
    if setting.file_key is not None:
        known["logo_key"] = setting.file_key
        known |= {name: setting.value[name] for name in ("logo_width", "logo_height")}
    return Studio(**known, version=setting.version)


def _clean(field: str, typed: str) -> str:
    typed = without_nul(typed).strip()
    return _CLEANERS[field](typed) if typed else ""


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise InvalidError("name_long", field="name", limit=LONGEST_NAME)
    return name


def _clean_accent(accent: str) -> str:
    accent = accent.lower()
    if not is_colour(accent):
        raise InvalidError("colour_malformed", field="accent", colour=accent[:40])
    return accent


def _clean_address(address: str) -> str:
    lines = (" ".join(line.split()) for line in address.splitlines())
    address = "\n".join(line for line in lines if line)
    if len(address) > LONGEST_ADDRESS:
        raise InvalidError("address_long", field="address", limit=LONGEST_ADDRESS)
    return address


_CLEANERS: Mapping[str, Callable[[str], str]] = {
    "name": _clean_name,
    "accent": _clean_accent,
    "phone": clean_phone,
    "email": clean_email,
    "website": clean_website,
    "address": _clean_address,
}
