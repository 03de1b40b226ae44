"""Passwords: which are accepted, and what is kept of them."""

import time

import pytest
from argon2 import PasswordHasher

from vertex.errors import InvalidError
from vertex.services import passwords

pytestmark = pytest.mark.usefixtures("real_passwords")

PASSWORD = "correct horse battery"


class TestCheck:
    @pytest.mark.parametrize(
        "password",
        [
            "twelve chars",
            "xyzuv" * 200 + "x" * 24,
            "четыре слова подряд",
            "🐎🔋📎✅🐎🔋📎✅🐎🔋📎💡",
            "olga has a long password",
        ],
    )
    def test_accepts_what_is_long_and_not_all_the_same(self, password: str) -> None:
        passwords.check(password, username="olga")

    @pytest.mark.parametrize(
        ("password", "code", "params"),
        [
            ("", "password_short", {"least": 12}),
            ("elevenchars", "password_short", {"least": 12}),
            ("xyzuv" * 205, "password_long", {"most": 1024}),
            ("aaaaaaaaaaaa", "password_simple", {}),
            ("121212121212", "password_simple", {}),
            ("abcdABCDabcd", "password_simple", {}),
        ],
    )
    def test_refuses_what_is_short_long_or_simple(
        self, password: str, code: str, params: dict[str, object]
    ) -> None:
        with pytest.raises(InvalidError) as refusal:
            passwords.check(password, username="olga")

        assert (refusal.value.code, refusal.value.field) == (code, "password")
        assert refusal.value.params == params

    @pytest.mark.parametrize("password", ["olga-sergeevna", "OLGA-Sergeevna"])
    def test_refuses_the_name_of_the_user(self, password: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            passwords.check(password, username="olga-sergeevna")

        assert refusal.value.code == "password_is_username"

    @pytest.mark.parametrize("password", ["short", "x" * 1025, "user-number-one", "a" * 12])
    def test_names_the_field_it_was_typed_in(self, password: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            passwords.check(password, username="user-number-one", field="new")

        assert refusal.value.field == "new"


class TestHash:
    def test_matches_its_password_alone(self) -> None:
        stored = passwords.hash_of(PASSWORD)

        assert passwords.matches(PASSWORD, stored)
        assert not passwords.matches(PASSWORD.upper(), stored)
        assert not passwords.matches(f"{PASSWORD} ", stored)
        assert not passwords.matches("", stored)

    def test_neither_holds_the_password_nor_tells_equal_ones(self) -> None:
        one, other = passwords.hash_of(PASSWORD), passwords.hash_of(PASSWORD)

        assert PASSWORD not in one
        assert one.startswith("$argon2id$")
        assert one != other

    @pytest.mark.parametrize("stored", [None, "", "!", "$argon2id$broken", PASSWORD])
    def test_what_is_no_hash_matches_nothing(self, stored: str | None) -> None:
        assert not passwords.matches(PASSWORD, stored)
        assert not passwords.matches("", stored)
        assert not passwords.matches("the password of nobody", stored)

    def test_what_is_too_long_is_not_even_read(self) -> None:
        stored = PasswordHasher().hash("x" * 1025)

        assert not passwords.matches("x" * 1025, stored)

    def test_takes_as_long_where_nobody_has_a_password(self) -> None:
        stored = passwords.hash_of(PASSWORD)

        assert _fastest(None) > _fastest(stored) / 3

    def test_is_outdated_when_it_was_cheaper_to_make(self) -> None:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

        assert passwords.outdated(cheap)
        assert not passwords.outdated(passwords.hash_of(PASSWORD))
        assert passwords.matches(PASSWORD, cheap)


def _fastest(stored: str | None) -> float:
    """The seconds of the quickest of several comparisons, the one least disturbed."""
    passwords.matches("a warm-up", stored)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        passwords.matches("not the password", stored)
        took.append(time.perf_counter() - began)
    return min(took)
