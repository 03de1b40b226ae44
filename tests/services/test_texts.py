"""The studio's own words: judged, stored, filled in, and given back for ours."""

import pytest

from tests.factories import OLGA
from vertex.errors import ConflictError, InvalidError
from vertex.models import LetterKind
from vertex.services import audit, texts
from vertex.services.texts import Text

SHARE = LetterKind.SHARE
OURS = Text("For {client}", "Look:\n{link}\n{studio}")

pytestmark = pytest.mark.usefixtures("vertex_app")


def test_they_are_kept_by_language() -> None:
    texts.change("ru", {SHARE: OURS}, version=0, actor=OLGA)

    assert texts.get("ru").own == {SHARE: OURS}
    assert texts.get("en").own == {}
    (event,) = audit.timeline(texts.SUBJECT)
    assert event.entry.details == {"language": "ru"}


def test_who_comes_second_is_told() -> None:
    texts.change("en", {SHARE: OURS}, version=0, actor=OLGA)

    with pytest.raises(ConflictError, match="changed_meanwhile"):
        texts.change("en", {SHARE: Text("Mine", "{link}")}, version=0, actor=OLGA)

    assert texts.get("en").own == {SHARE: OURS}


def test_one_kind_goes_back_to_ours_and_the_other_stays() -> None:
    both = {SHARE: OURS, LetterKind.APPROVE: OURS}
    texts.change("en", both, version=0, actor=OLGA)

    texts.reset("en", SHARE, actor=OLGA)

    assert texts.get("en").own == {LetterKind.APPROVE: OURS}


@pytest.mark.parametrize(
    ("subject", "text", "code", "field"),
    [
        ("", "{link}", "text_missing", "share_subject"),
        ("A", " ", "text_missing", "share_text"),
        ("A", "nothing to open", "link_missing", "share_text"),
        ("A", "{link} {name}", "placeholder_unknown", "share_text"),
        ("{Client}", "{link}", "placeholder_unknown", "share_subject"),
        ("PIN {pin}", "{link}", "pin_in_subject", "share_subject"),
        ("A" * 151, "{link}", "text_long", "share_subject"),
        ("A", "{link}" + "x" * 3000, "text_long", "share_text"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    subject: str, text: str, code: str, field: str
) -> None:
    with pytest.raises(InvalidError, match=code) as error:
        texts.change("en", {SHARE: Text(subject, text)}, version=0, actor=OLGA)

    assert error.value.field == field
    assert texts.get("en").own == {}


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    text = "Hello {client},\n\nPIN: {pin}\nOrder: {order}\n\n{link}"

    filled = texts.fill(text, {"client": "Anna", "pin": "", "order": "", "link": "L"})

    assert filled == "Hello Anna,\n\nL"


def test_what_is_put_in_is_not_read_again() -> None:
    values = {"client": "{pin}", "pin": "4711", "link": "L"}

    assert texts.fill("{client}: {link} {other}", values) == "{pin}: L {other}"
