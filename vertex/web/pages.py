"""What every template may use: notices, dates, sizes, and the version of a file."""

from datetime import datetime
from functools import lru_cache

import phonenumbers
from flask import Flask
from flask_babel import format_datetime, format_decimal, gettext
from markupsafe import Markup

from vertex.runtime import runtime_of
from vertex.web.history import happened
from vertex.web.toasts import toasts

_MEGABYTE = 1024**2
_GIGABYTE = 1024 * _MEGABYTE
_MINUTE = "d MMM y, HH:mm"


def init_app(app: Flask) -> None:
    """Give the templates their words for times and sizes."""
    app.jinja_env.globals["toasts"] = toasts
    app.jinja_env.globals["bin_days"] = runtime_of(app).settings.bin_days
    app.jinja_env.filters["happened"] = happened
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["phone"] = phone
    app.jinja_env.filters["megabytes"] = megabytes
    app.jinja_env.filters["seconds"] = seconds


def moment(time: datetime) -> Markup:
    """A time for people, with the exact one for machines."""
    shown = format_datetime(time, _MINUTE)
    return Markup('<time datetime="{}">{}</time>').format(time.isoformat(), shown)


@lru_cache(maxsize=4096)
def phone(number: str) -> str:
    """A phone as people write it: `+7 916 123-45-67`."""
    parsed = phonenumbers.parse(number, None)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def megabytes(size: int) -> str:
    """A size in MB or GB: `250 MB`."""
    if size >= _GIGABYTE:
        return str(gettext("%(size)s GB", size=format_decimal(round(size / _GIGABYTE, 1))))
    return str(gettext("%(size)s MB", size=format_decimal(round(size / _MEGABYTE, 1))))


def seconds(duration: float) -> str:
    """A duration: `4.5 s`."""
    return str(gettext("%(duration)s s", duration=format_decimal(round(duration, 1))))
