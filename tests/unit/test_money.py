"""Amounts of money as people type them."""

import pytest

from vertex.errors import InvalidError
from vertex.services.money import parse_amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("15", 1500),
        ("15.5", 1550),
        ("15,05", 1505),
        ("1 500,50", 150_050),
        ("1\u00a0500", 150_000),
        ("1\u202f234\u202f567.89", 123_456_789),
        (" 12 ", 1200),
    ],
)
def test_reads_what_is_an_amount(typed: str, amount: int | None) -> None:
    assert parse_amount(typed, decimals=2, field="price") == amount


@pytest.mark.parametrize(
    "typed", ["x", "-5", "1,234.50", "12.345", "1 50", "1e3", "٣", "€5", "5.", ".5", "1\x00", "NaN"]
)
def test_refuses_what_is_none(typed: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_amount(typed, decimals=2, field="price")

    assert (refusal.value.code, refusal.value.field) == ("amount_malformed", "price")


def test_a_currency_without_decimals_takes_none() -> None:
    assert parse_amount("1 500", decimals=0, field="price") == 1500
    with pytest.raises(InvalidError):
        parse_amount("1500.5", decimals=0, field="price")


@pytest.mark.parametrize("typed", ["99999999999", "9" * 300])
def test_refuses_what_no_column_holds(typed: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_amount(typed, decimals=2, field="paid")

    assert refusal.value.code == "amount_large"
