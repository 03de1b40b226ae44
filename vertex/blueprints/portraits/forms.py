"""The forms of a portrait and its video."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, StringField, TelField
from wtforms.validators import ValidationError

from vertex.web.forms import OnceForm, strip


class OneFile:
    """Exactly one file, which has a name."""

    def __init__(self, missing: LazyString, several: LazyString) -> None:
        self.missing, self.several = missing, several
        self.field_flags = {"required": True}

    def __call__(self, _form: object, field: FileField) -> None:
        """Raise ValidationError unless there is one."""
        given = [file for file in field.given if file]
        if not given:
            raise ValidationError(str(self.missing))
        if len(given) > 1:
            raise ValidationError(str(self.several))


class UploadField(FileField):  # type: ignore[misc]
    """A file field that remembers whether more than one was sent."""

    given: list[FileStorage] = []  # noqa: RUF012 - replaced for each field

    def process_formdata(self, valuelist: list[object]) -> None:
        """Take the first file, and keep them all for the validator."""
        self.given = [value for value in valuelist if isinstance(value, FileStorage)]
        super().process_formdata(valuelist)


class VideoForm(OnceForm):
    """Another video for a portrait."""

    video = UploadField(
        _("Video"), [OneFile(_("Please choose a video."), _("Please choose one video only."))]
    )


class PortraitForm(VideoForm):
    """A client, their picture and its video; the client is chosen, or told by name and phone."""

    client_id = HiddenField()
    client = StringField(_("Client's name"), filters=[strip])
    phone = TelField(_("Phone"), filters=[strip])
    portrait = UploadField(
        _("Portrait"),
        [OneFile(_("Please choose a picture."), _("Please choose one picture only."))],
    )
