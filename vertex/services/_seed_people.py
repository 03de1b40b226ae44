"""The people of a made-up studio: those who work there, and its clients."""

from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from vertex.models import ConsentBy, Role
from vertex.models.clients import folded
from vertex.models.folding import fold
from vertex.services import _seed_words as words
from vertex.services._seed_chance import Calendar, Phones, id_at, shares

_NO_PASSWORD = "!"  # noqa: S105 - what no password has as its hash
_BRITISH = 0.15


def staff(calendar: Calendar, chance: Random, seed: int) -> list[dict[str, Any]]:
    """Return the rows of those who work there, the first of whom is the admin."""
    studio, rows = "seed" if seed == 1 else f"seed{seed}", []
    for place, (username, full_name) in enumerate(words.STAFF):
        when = calendar.at(0) + timedelta(minutes=place)
        rows.append(
            {
                **born(when, chance),
                "username": f"{studio}-{username}",
                "email": f"{username}@{studio}.example",
                "full_name": full_name,
                "password_hash": _NO_PASSWORD,
                "role": Role.USER if place else Role.ADMIN,
            }
        )
    return rows


def clients(
    count: int, calendar: Calendar, chance: Random, *, ordering: Container[int]
) -> Iterator[dict[str, Any]]:
    """Return the rows of clients; some of those who have ordered nothing lie in the bin."""
    phones = Phones(chance)
    for number, share in enumerate(shares(count, chance)):
        when = calendar.at(share)
        is_british = chance.random() < _BRITISH
        name = _british(chance) if is_british else _russian(chance)
        phone = phones.british(number) if is_british else phones.russian(number)
        email = _email(name, number, chance) if chance.random() < 0.6 else None
        notes = chance.choice(words.CLIENT_NOTES) if chance.random() < 0.25 else ""
        agreed = chance.random() < 0.85
        binned = number not in ordering and chance.random() < 0.05
        sort_name, search_text = folded(name, phone, email, notes)
        yield {
            **born(when, chance),
            "name": name,
            "phone": phone,
            "email": email,
            "notes": notes,
            "consent_by": ConsentBy.SELF if agreed else None,
            "consent_on": when.date() if agreed else None,
            "deleted_at": when + timedelta(hours=1) if binned else None,
            "sort_name": sort_name,
            "search_text": search_text,
        }


def born(when: datetime, chance: Random) -> dict[str, Any]:
    """Return the columns that every row has."""
    return {"id": id_at(when, chance), "created_at": when, "updated_at": when}


def recorded(row: Mapping[str, Any], action: object, subject: str, actor: str) -> dict[str, Any]:
    """Return the row of the record about a row that was made."""
    times = {"created_at": row["created_at"], "updated_at": row["created_at"]}
    # its own id, and yet as repeatable as the row's
    entry_id = UUID(int=row["id"].int ^ (1 << 61))
    return {
        "id": entry_id,
        **times,
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": {},
    }


def _russian(chance: Random) -> str:
    surname = _common(words.SURNAMES, chance)
    if chance.random() < 0.7:
        return f"{_common(words.WOMEN, chance)} {surname}а"  # noqa: RUF001 - a Russian ending
    return f"{_common(words.MEN, chance)} {surname}"


def _british(chance: Random) -> str:
    return f"{_common(words.FIRST_NAMES, chance)} {_common(words.LAST_NAMES, chance)}"


def _common(names: tuple[str, ...], chance: Random) -> str:
    """Return one of the names: the first are the most common."""
    return names[int(len(names) * chance.random() ** 1.6)]


def _email(name: str, number: int, chance: Random) -> str:
    plain = "".join(words.LATIN.get(char, char) for char in fold(name))
    kept = "".join(char for char in plain.replace(" ", ".") if char.isalpha() or char == ".")
    return f"{kept}{number % 97}@{chance.choice(words.MAIL)}"
