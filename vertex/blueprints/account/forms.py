"""The forms of one's own account."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length

from vertex.web.forms import Form, strip


class ProfileForm(Form):
    """How a person is called, and the language of their pages."""

    full_name = StringField(
        _("Name"),
        [Length(max=120, message=_("A name has at most 120 characters."))],
        filters=[strip],
    )
    locale = SelectField(
        _("Language"),
        choices=[
            SelectChoice("", _("As in the browser")),
            SelectChoice("en", "English"),
            SelectChoice("ru", "Русский"),
        ],
    )


class PasswordForm(Form):
    """The old password, so that nobody changes it in passing, and the new one."""

    current = PasswordField(
        _("Current password"), [InputRequired(_("Please enter your current password."))]
    )
    new = PasswordField(_("New password"), [InputRequired(_("Please enter a new password."))])
