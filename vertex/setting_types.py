"""Kinds of values that several settings have."""

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator


def _is_a_timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a time zone like Europe/Moscow")
    return value


def _like(pattern: str, sentence: str) -> AfterValidator:
    """Refuse what is not written in this way."""

    def judge(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(sentence)
        return value

    return AfterValidator(judge)


Limit = Annotated[
    str, _like(r"[1-9]\d* per (second|minute|hour|day)", "must read like: 100 per minute")
]
Currency = Annotated[str, _like(r"[A-Z]{3}", "must be a currency like EUR")]
Timezone = Annotated[str, AfterValidator(_is_a_timezone)]
