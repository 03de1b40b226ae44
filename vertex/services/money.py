"""Amounts of money as people type them."""

import re

from vertex.errors import InvalidError

_LARGEST = 10**9  # of the smallest unit: what a 32-bit column holds, with room for sums
_AMOUNT = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d{1,3}))?", re.ASCII)


def parse_amount(typed: str, *, decimals: int, field: str) -> int | None:
    """Return an amount in the smallest unit of a currency with so many decimals; None of nothing.

    `1 500,50` and `1500.5` are the same; more decimals than there are raise InvalidError.
    """
    typed = typed.strip()
    if not typed:
        return None
    found = _AMOUNT.fullmatch(typed)
    if found is None or len(found[2] or "") > decimals:
        raise InvalidError("amount_malformed", field=field)
    whole = re.sub(r"\D", "", found[1])
    amount = int(whole + (found[2] or "").ljust(decimals, "0"))
    if amount > _LARGEST:
        raise InvalidError("amount_large", field=field)
    return amount
