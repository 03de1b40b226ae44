"""The form of a client."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, IntegerField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from vertex.services.clients import Details
from vertex.web.forms import OnceForm, strip


class ClientForm(OnceForm):
    """Shape only: whether the phone is free is the service's answer."""

    name = StringField(
        _("Name"),
        [
            InputRequired(_("Please enter the client's name.")),
            Length(max=120, message=_("A name has at most 120 characters.")),
        ],
        filters=[strip],
    )
    phone = TelField(
        _("Phone"), [InputRequired(_("Please enter a phone number."))], filters=[strip]
    )
    email = EmailField(
        _("E-mail"),
        [Length(max=254, message=_("An e-mail address has at most 254 characters."))],
        filters=[strip],
    )
    notes = TextAreaField(
        _("Notes"),
        [Length(max=5000, message=_("Notes have at most 5000 characters."))],
        filters=[strip],
    )
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    @property
    def details(self) -> Details:
        """What was typed."""
        return Details(
            name=self.name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            notes=self.notes.data or "",
        )
