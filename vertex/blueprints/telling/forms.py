"""The form of a message to a client."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, StringField, TextAreaField

from vertex.web.forms import OnceForm, strip


class MessageForm(OnceForm):
    """A message as it is written; the PIN is put in when it is sent, and not kept."""

    kind = HiddenField()
    language = HiddenField()
    recipient = EmailField(_("To"), filters=[strip])
    pin = StringField(_("PIN"), filters=[strip])
    subject = StringField(_("Subject"), filters=[strip])
    body = TextAreaField(_("Message"))
