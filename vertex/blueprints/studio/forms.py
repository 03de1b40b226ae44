"""The forms of the studio's own face."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, IntegerField, StringField, TelField, TextAreaField, URLField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from vertex.blueprints.portraits.forms import OneFile, UploadField
from vertex.services.studio import FIELDS, Details
from vertex.web.forms import Form, strip


class StudioForm(Form):
    """What customers read of the studio; nothing of it must be filled in."""

    name = StringField(_("Name of the studio"), filters=[strip])
    accent = StringField(_("Colour"), filters=[strip])
    phone = TelField(_("Phone"), filters=[strip])
    email = EmailField(_("E-mail"), filters=[strip])
    website = URLField(_("Website"), filters=[strip])
    address = TextAreaField(_("Address"), filters=[strip])
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    @property
    def details(self) -> Details:
        """What was typed."""
        return Details(**{name: self.text(name) for name in FIELDS})


class TextsForm(Form):
    """The subject and the text of each kind of message, in one language."""

    share_subject = StringField(_("Subject"), filters=[strip])
    share_text = TextAreaField(_("Message"))
    approve_subject = StringField(_("Subject"), filters=[strip])
    approve_text = TextAreaField(_("Message"))
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    names = ("share_subject", "share_text", "approve_subject", "approve_text")


class LogoForm(Form):
    """The file of a logo."""

    logo = UploadField(
        _("Logo"),
        [OneFile(_("Please choose a picture."), _("Please choose one picture only."))],
    )
