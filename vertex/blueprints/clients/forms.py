"""The forms of a client."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import EmailField, IntegerField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import DateInput, HiddenInput

from vertex.errors import InvalidError
from vertex.models import ConsentBy
from vertex.services.clients import Details
from vertex.services.consents import Consent
from vertex.web.forms import Form, OnceForm, strip


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


class ConsentForm(Form):
    """Who has agreed, and when."""

    consent_by = SelectField(
        _("Has agreed that portraits are kept and shown"),
        choices=[
            SelectChoice("", _("Nobody yet")),
            SelectChoice(ConsentBy.SELF.value, _("The client")),
            SelectChoice(ConsentBy.PARENT.value, _("A parent, for a child")),
        ],
        validate_choice=False,
    )
    consent_on = StringField(_("On"), widget=DateInput(), filters=[strip])
    consent_name = StringField(_("Name of the parent"), filters=[strip])
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    @classmethod
    def showing(cls, consent: Consent, version: int) -> "ConsentForm":
        """The form with what is known now."""
        return cls(
            formdata=None,
            consent_by=consent.by.value if consent.by else "",
            consent_on=consent.on.isoformat() if consent.on else "",
            consent_name=consent.name,
            version=version,
        )

    def given(self) -> Consent:
        """What was typed; InvalidError at the field that makes no sense."""
        by, on = self.text("consent_by"), self.text("consent_on")
        if by and by not in list(ConsentBy):
            raise InvalidError("not_in_list", field="consent_by")
        try:
            day = date.fromisoformat(on) if on else None
        except ValueError:
            raise InvalidError("day_malformed", field="consent_on") from None
        return Consent(ConsentBy(by) if by else None, day, self.text("consent_name"))

    def show_version(self, version: int) -> None:
        """Let the form be sent again, on top of what somebody else has stored meanwhile."""
        self.version.data, self.version.raw_data = version, None
