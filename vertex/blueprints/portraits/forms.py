"""The forms of a portrait and its video."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import DateTimeLocalInput, HiddenInput

from vertex.errors import InvalidError
from vertex.models import Fit, Order, Playing, Transparency
from vertex.web.forms import Form, OnceForm, SeenForm, strip
from vertex.web.rules import RulesForm, TimesForm


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


class UnlessSent:
    """Ends the checks of a file that was sent before its form."""

    def __init__(self, upload: str) -> None:
        self.upload = upload

    def __call__(self, form: OnceForm, _field: FileField) -> None:
        """Stop at once if there is an upload."""
        if form.text(self.upload):
            raise StopValidation


class UploadField(FileField):  # type: ignore[misc]
    """A file field that remembers whether more than one was sent."""

    given: list[FileStorage] = []  # noqa: RUF012 - replaced for each field

    def process_formdata(self, valuelist: list[object]) -> None:
        """Take the first file, and keep them all for the validator."""
        self.given = [value for value in valuelist if isinstance(value, FileStorage)]
        super().process_formdata(valuelist)


class VideoForm(OnceForm):
    """Another video for a portrait, sent with the form or piece by piece before it."""

    video = UploadField(
        _("Video"),
        [
            UnlessSent("video_upload"),
            OneFile(_("Please choose a video."), _("Please choose one video only.")),
        ],
    )
    video_upload = HiddenField()

    @property
    def upload_id(self) -> UUID | None:
        """Which upload the video is, if it was sent before."""
        try:
            return UUID(self.text("video_upload"))
        except ValueError:
            return None


class WishesForm(SeenForm):
    """How a video plays on its print."""

    start_s = StringField(_("Begin at"), filters=[strip])
    end_s = StringField(_("End at"), filters=[strip])
    muted = BooleanField(_("Without sound"))
    loop = BooleanField(_("Play again from the beginning"))
    fit = SelectField(
        _("On the portrait"),
        choices=[
            SelectChoice(Fit.COVER.value, _("Fill it, and cut off what stands out")),
            SelectChoice(Fit.CONTAIN.value, _("Show all of the video, with free borders")),
            SelectChoice(Fit.EXACT.value, _("Stretch it to the portrait's shape")),
        ],
    )
    transparency = SelectField(
        _("Transparency"),
        choices=[
            SelectChoice(Transparency.NONE.value, _("None")),
            SelectChoice(Transparency.ALPHA.value, _("The video's own")),
            SelectChoice(Transparency.SIDE_BY_SIDE.value, _("In the right half, as brightness")),
        ],
    )

    def seconds(self, name: str) -> float | None:
        """What was typed as seconds, or None for nothing; ValueError for anything else."""
        typed = self.text(name).replace(",", ".")
        if not typed:
            return None
        value = float(typed)
        if not 0 <= value < 1e6:
            raise ValueError(typed)
        return value


class ScheduleForm(TimesForm):
    """Between which times a video plays."""

    plays_from = StringField(_("Plays from"), widget=DateTimeLocalInput())
    plays_until = StringField(_("Plays until"), widget=DateTimeLocalInput())


class DetailsForm(Form):
    """What a portrait is called, and to which order it belongs."""

    title = StringField(_("Title"), filters=[strip])
    order_id = SelectField(_("Order"), validate_choice=False)
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def offer(self, orders: Sequence[Order | None]) -> None:
        """Let one of these orders be chosen, or none."""
        named = {str(order.id): order.number for order in orders if order is not None}
        self.order_id.choices = [
            SelectChoice("", _("No order")),
            *(SelectChoice(value, number) for value, number in named.items()),
        ]

    @property
    def chosen_order(self) -> UUID | None:
        """The order that was chosen; InvalidError for what is none."""
        chosen = self.text("order_id")
        try:
            return UUID(chosen) if chosen else None
        except ValueError:
            raise InvalidError("order_unknown", field="order_id", number=chosen[:40]) from None


class CaptionsForm(Form):
    """What is said in a video, as text with times."""

    captions = UploadField(
        _("Captions"), [OneFile(_("Please choose a file."), _("Please choose one file only."))]
    )
    language = SelectField(
        _("Language"), choices=[SelectChoice("ru", "Русский"), SelectChoice("en", "English")]
    )


class PortraitRulesForm(RulesForm):
    """Who may see a portrait, when, and which of its videos."""

    playing = SelectField(
        _("Of several videos"),
        choices=[
            SelectChoice(Playing.CHOSEN.value, _("the chosen one plays")),
            SelectChoice(
                Playing.SCHEDULE.value, _("the one whose time it is, else the chosen one")
            ),
            SelectChoice(Playing.TURN.value, _("each in turn, one a visit")),
        ],
    )


class PortraitForm(VideoForm):
    """A client, their picture and its video; the client is chosen, or told by name and phone."""

    client_id = HiddenField()
    batch = HiddenField()  # set by the page that sends several
    client = StringField(_("Client's name"), filters=[strip])
    phone = TelField(_("Phone"), filters=[strip])
    portrait = UploadField(
        _("Portrait"),
        [OneFile(_("Please choose a picture."), _("Please choose one picture only."))],
    )
