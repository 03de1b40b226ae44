"""The forms that bring a file with many things in it."""

from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TelField

from vertex.errors import InvalidError
from vertex.services.import_portraits import Target
from vertex.web.forms import Form, strip


class ArchiveForm(Form):
    """A ZIP, sent with the form or piece by piece before it, and for whom its portraits are."""

    archive = FileField(_("ZIP"))
    archive_upload = HiddenField()
    client = StringField(_("Client's name"), filters=[strip])
    phone = TelField(_("Phone"), filters=[strip])
    order = StringField(_("Order number"), filters=[strip])

    @property
    def upload_id(self) -> UUID | None:
        """The upload that was sent before, if there is one."""
        try:
            return UUID(self.text("archive_upload")) if self.text("archive_upload") else None
        except ValueError:
            raise InvalidError("upload_gone", field="archive") from None

    @property
    def target(self) -> Target:
        """For whom portraits are that no table speaks of."""
        return Target(self.text("client"), self.text("phone"), self.text("order"))


class TableForm(Form):
    """A CSV of clients or orders."""

    table = FileField(_("CSV file"))
