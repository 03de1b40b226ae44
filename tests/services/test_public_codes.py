"""Codes: unguessable, and found however they are typed."""

import pytest

from tests.factories import make_portrait, make_public_code
from vertex.errors import NotFoundError
from vertex.models import uuid7
from vertex.services import public_codes

pytestmark = pytest.mark.usefixtures("vertex_app")


def test_codes_are_ten_letters_nobody_misreads() -> None:
    codes = {public_codes.new_code() for _ in range(500)}

    assert len(codes) == 500
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@pytest.mark.parametrize(
    "typed",
    [
        "0123ABCD01",
        "0123abcd01",
        "O123abcdoI",
        "0l23abcd0L",
        "01-23-ab-cd-01",
        " 0123 abcd 01\n",
        "0123A-BCD01",
    ],
)
def test_finds_a_code_however_it_is_typed(typed: str) -> None:
    made = make_public_code(code="0123ABCD01")

    found = public_codes.find(typed)

    assert found is not None
    assert found.id == made.id


@pytest.mark.parametrize(
    "typed",
    ["", "0123ABCD0", "0123ABCD011", "0123ABCDU1", "\u0660123ABCD01", f"{' ' * 99}0123ABCD01"],
)
def test_finds_nothing_for_what_cannot_be_a_code(typed: str) -> None:
    make_public_code(code="0123ABCD01")

    assert public_codes.find(typed) is None


def test_finds_nothing_for_a_code_that_was_never_given() -> None:
    assert public_codes.find("ZZZZZZZZZZ") is None


def test_a_portrait_has_the_code_it_was_given() -> None:
    portrait_id = make_portrait().id

    issued = public_codes.issue_for_portrait(portrait_id)

    assert public_codes.of_portrait(portrait_id) == issued.code


def test_a_portrait_without_code_is_told() -> None:
    with pytest.raises(NotFoundError):
        public_codes.of_portrait(uuid7())
