"""The form of an order."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import DateInput, HiddenInput

from vertex.errors import InvalidError
from vertex.services.money import parse_amount
from vertex.services.orders import Details
from vertex.web.forms import Form, OnceForm, strip
from vertex.web.orders import decimals

AMOUNTS = ("price", "deposit", "paid")


class OrderForm(OnceForm):
    """A client, chosen or told by name and phone, and what was agreed with them."""

    client_id = HiddenField()
    client = StringField(_("Client's name"), filters=[strip])
    phone = TelField(_("Phone"), filters=[strip])
    number = StringField(_("Number"), filters=[strip])
    product = StringField(_("Product"), filters=[strip])
    price = StringField(_("Price"), filters=[strip])
    deposit = StringField(_("Deposit"), filters=[strip])
    paid = StringField(_("Paid so far"), filters=[strip])
    due_on = StringField(_("Due"), widget=DateInput(), filters=[strip])
    assignee_id = SelectField(_("Done by"), validate_choice=False)
    notes = TextAreaField(_("Notes"), filters=[strip])
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def details(self) -> Details:
        """What was typed; InvalidError at the first field that makes no sense."""
        price, deposit, paid = (self.amount(name) for name in AMOUNTS)
        return Details(
            number=self.text("number"),
            product=self.text("product"),
            price=price,
            deposit=deposit,
            paid=paid,
            due_on=self.day(),
            assignee_id=self._assignee(),
            notes=self.text("notes"),
        )

    def amount(self, name: str) -> int | None:
        """An amount in the smallest unit of the studio's currency."""
        return parse_amount(self.text(name), decimals=decimals(), field=name)

    def day(self) -> date | None:
        """The day until which it is promised."""
        try:
            return date.fromisoformat(self.text("due_on")) if self.text("due_on") else None
        except ValueError:
            raise InvalidError("day_malformed", field="due_on") from None

    def _assignee(self) -> UUID | None:
        try:
            return UUID(self.text("assignee_id")) if self.text("assignee_id") else None
        except ValueError:
            raise InvalidError("assignee_unknown", field="assignee_id") from None


class ViewForm(Form):
    """The name of a view."""

    name = StringField(_("Name of the view"), filters=[strip])
