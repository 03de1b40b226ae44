"""The forms of people who are not signed in."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from vertex.web.forms import Form, strip


class SignInForm(Form):
    """A user name and a password."""

    username = StringField(
        _("User name"), [InputRequired(_("Please enter your user name."))], filters=[strip]
    )
    password = PasswordField(_("Password"), [InputRequired(_("Please enter your password."))])
    next = HiddenField()


class SetUpForm(Form):
    """The first admin."""

    username = StringField(
        _("User name"), [InputRequired(_("Please enter a user name."))], filters=[strip]
    )
    email = EmailField(
        _("E-mail"),
        [InputRequired(_("Please enter an e-mail address.")), Length(max=254)],
        filters=[strip],
    )
    password = PasswordField(_("Password"), [InputRequired(_("Please enter a password."))])
    token = HiddenField()
