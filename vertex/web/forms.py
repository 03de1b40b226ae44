"""Forms: the token against forgery, and refusals put at the field they are about."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField
from wtforms.widgets import DateTimeLocalInput

from vertex.errors import DomainError
from vertex.extensions import csrf
from vertex.services import submissions
from vertex.web.messages import explain

_View = TypeVar("_View", bound=Callable[..., Any])


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours: shape only, what needs the database is the service's answer."""

    def text(self, name: str) -> str:
        """What was typed into a field."""
        return str(self._fields[name].data or "")

    def refuse(self, error: DomainError, field: str | None = None) -> None:
        """Put a refusal at its field, or above the form if it is about none of them."""
        name = field or getattr(error, "field", None)
        sentence = explain(error)
        if name in self._fields:
            self._fields[name].errors = [*self._fields[name].errors, sentence]
        else:
            self.form_errors.append(sentence)


class SeenForm(Form):
    """A form that brings back a word for what stood in it, so that nobody overwrites the unseen."""

    seen = HiddenField()

    def seen_before(self) -> str | None:
        """The word for the values that somebody had before them."""
        return self.text("seen") or None


class OnceForm(Form):
    """A form that is carried out once, by a token drawn when it is shown."""

    once = HiddenField()

    def draw(self) -> None:
        """Give a form that is shown for the first time its token."""
        if not self.once.data:
            self.once.data = submissions.new_token()


def shown_values(form: Form | None) -> list[tuple[str, str]]:
    """What stands in the fields of a form, as it is read: labels and values."""
    fields = [field for field in form or () if not isinstance(field, HiddenField)]
    return [(str(field.label.text), _shown(field)) for field in fields]


def _shown(field: Field) -> str:
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if isinstance(field, SelectField):
        labels = dict(choice[:2] for choice in field.iter_choices())
        return str(labels.get(field.data, "—"))
    text = str(field.data or "")
    if isinstance(field.widget, DateTimeLocalInput):
        text = text.replace("T", " ")
    return text or "—"


def field_error(field: Field) -> str:
    """The place below a field, with what is wrong with it."""
    return render_template("errors/_field.html", field=field)


def without_token(view: _View) -> _View:
    """Take a view whose forms carry no token; say beside it why a forged one does no harm."""
    csrf.exempt(view)
    return view


def strip(value: str | None) -> str:
    """The value without spaces around it, for a field's filters."""
    return (value or "").strip()


def init_app(app: Flask) -> None:
    """Refuse changes that do not come from a form of this session."""
    csrf.init_app(app)
