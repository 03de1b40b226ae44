"""The studio's rules as forms: who may see something, and when."""

from datetime import datetime

from flask_babel import get_timezone, to_user_timezone
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.widgets import DateTimeLocalInput

from vertex.errors import InvalidError
from vertex.models import Order, Playing, Portrait
from vertex.services.rules import RulesDraft, seen_of
from vertex.web.forms import SeenForm, strip


class TimesForm(SeenForm):
    """Between which times something may be seen, in the studio's own time."""

    def time(self, name: str) -> datetime | None:
        """What was chosen, aware, or None for nothing; InvalidError for what is no time."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=get_timezone())
        except ValueError:
            raise InvalidError("time_malformed", field=name) from None


def typed_time(time: datetime | None) -> str:
    """A time as its field wants it."""
    return "" if time is None else to_user_timezone(time).strftime("%Y-%m-%dT%H:%M")


class RulesForm(TimesForm):
    """Who may see a portrait or an order, and when."""

    pin = StringField(_("PIN"), filters=[strip])
    no_pin = BooleanField(_("Remove the PIN"))
    opens_at = StringField(_("Can be seen from"), widget=DateTimeLocalInput())
    closes_at = StringField(_("Can be seen until"), widget=DateTimeLocalInput())
    paused = BooleanField(_("Paused: nobody sees anything"))
    downloads = BooleanField(_("The video may be saved"))
    card_photo = BooleanField(_("Messengers may show the photo beside the link"))
    kept_offline = BooleanField(_("The phone may keep the video for the next scan"))

    def show_again(self, row: Portrait | Order) -> None:
        """Let the form be sent again, by somebody who has seen what others have set meanwhile."""
        self.seen.data = seen_of(row)

    def draft(self, playing: Playing | None = None) -> RulesDraft:
        """What was asked for; InvalidError if it makes no sense."""
        if not self.validate():
            raise InvalidError(field=next(iter(self.errors)))
        return RulesDraft(
            pin="" if self.no_pin.data else self.text("pin") or None,
            opens_at=self.time("opens_at"),
            closes_at=self.time("closes_at"),
            # what is not ticked here is as the order says
            paused=bool(self.paused.data) or None,
            downloads=bool(self.downloads.data) or None,
            card_photo=bool(self.card_photo.data) or None,
            kept_offline=bool(self.kept_offline.data) or None,
            playing=playing,
        )


def rules_as_typed(row: Portrait | Order) -> dict[str, object]:
    """The rules of a row as the fields of its form want them."""
    return {
        "seen": seen_of(row),
        "opens_at": typed_time(row.opens_at),
        "closes_at": typed_time(row.closes_at),
        "paused": bool(row.paused),
        "downloads": bool(row.downloads),
        "card_photo": bool(row.card_photo),
        "kept_offline": bool(row.kept_offline),
    }


def rules_saved(form: RulesForm) -> str:
    """What is said when rules are stored: a new PIN can be told now, and is not known later."""
    if form.text("pin") and not form.no_pin.data:
        return str(_("Saved. Tell your client the new PIN: we keep none that could be read."))
    return str(_("Saved."))
