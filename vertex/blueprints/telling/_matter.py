"""What a message can be about, in one shape: an order with its album, or a portrait."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from vertex.models import Client, LetterKind
from vertex.runtime import runtime
from vertex.services import orders, portraits, public_codes, viewing
from vertex.services.letters import About
from vertex.services.viewing import Rules
from vertex.web.letters import studio_name


@dataclass(frozen=True, slots=True)
class Matter:
    """An order or a portrait that somebody is told about; `number` is that of the order, if any."""

    about: About
    client: Client
    number: str
    code: str
    rules: Rules
    back: str
    action: str

    @property
    def kinds(self) -> tuple[LetterKind, ...]:
        """What can be told of it: only orders are approved."""
        return tuple(LetterKind) if self.about.order_id else (LetterKind.SHARE,)

    def link(self, kind: LetterKind) -> str:
        """The address that the message leads to."""
        page = f"{runtime().settings.public_url}/v/{self.code}"
        return f"{page}/order" if kind is LetterKind.APPROVE else page

    def values(self, kind: LetterKind, language: str, pin: str) -> Mapping[str, str]:
        """What is put into the text."""
        return {
            "client": self.client.name,
            "studio": studio_name(language),
            "link": self.link(kind),
            "pin": pin,
            "order": self.number,
        }


def of_order(order_id: UUID) -> Matter:
    """An order, by the code of its album."""
    order = orders.get(order_id)
    return Matter(
        About(orders.subject_of(order_id), order_id=order_id),
        client=order.client,
        number=order.number,
        code=orders.album_code(order_id),
        rules=viewing.merged(order, None),
        back=url_for("orders.show", order_id=order_id),
        action=url_for("telling.tell_of_order", order_id=order_id),
    )


def of_portrait(portrait_id: UUID) -> Matter:
    """A portrait, by its own code."""
    portrait = portraits.get(portrait_id)
    return Matter(
        About(portraits.subject_of(portrait_id), portrait_id=portrait_id),
        client=portrait.client,
        number=portrait.order.number if portrait.order else "",
        code=public_codes.of_portrait(portrait_id),
        rules=viewing.merged(portrait, portrait.order),
        back=url_for("portraits.show", portrait_id=portrait_id),
        action=url_for("telling.tell_of_portrait", portrait_id=portrait_id),
    )
