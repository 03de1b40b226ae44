"""How far an order is, and how well its portraits will be recognised, in words for clients."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from vertex.models import OrderStatus, Portrait, PortraitStatus, Recognisable

_FAR: Mapping[OrderStatus, LazyString] = {
    OrderStatus.NEW: _("We have your order."),
    OrderStatus.IN_PROGRESS: _("We are working on your order."),
    OrderStatus.READY: _("Your order is ready to be printed."),
    OrderStatus.PRINTED: _("Your order is printed, and waits for you."),
    OrderStatus.DELIVERED: _("Your order has been handed over."),
    OrderStatus.CANCELLED: _("Your order was cancelled."),
}
_WELL: Mapping[int, LazyString] = {
    5: _("Phones will recognise this photo very well."),
    4: _("Phones will recognise this photo well."),
    3: _("Phones will recognise this photo in good light."),
    2: _("Phones will recognise this photo from near, and in good light."),
    1: _("Phones will recognise this photo with difficulty."),
}


def how_far(status: OrderStatus) -> str:
    """The state of an order."""
    return str(_FAR[status])


def how_well(portrait: Portrait) -> str:
    """What the proof of a portrait says, as far as there is one."""
    if portrait.status is PortraitStatus.PROCESSING:
        return str(_("This photo is still being prepared."))
    if portrait.recognisable is not Recognisable.YES:
        return str(
            _(
                "A phone's camera will not recognise this photo. "
                "The video can be watched without the camera."
            )
        )
    return str(_WELL.get(portrait.rating or 0, _("Phones will recognise this photo.")))
