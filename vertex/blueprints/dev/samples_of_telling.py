"""Fragments of what clients are told with things to show, stored nowhere."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from vertex.blueprints.dev._parts import Sample, client, order
from vertex.blueprints.studio.forms import TextsForm
from vertex.blueprints.studio.texts import Shown
from vertex.blueprints.telling._matter import Matter
from vertex.blueprints.telling.forms import MessageForm
from vertex.models import Letter, LetterKind, LetterState, OrderStatus, utcnow, uuid7
from vertex.services.approvals import Stand, Standing
from vertex.services.letters import About
from vertex.services.texts import Text, Texts
from vertex.services.viewing import Rules
from vertex.web.letters import KINDS, LANGUAGES, standard

_SAID = "The second photo is too dark. Could the background be lighter?"


def _told(stand: Stand | None, **given: Any) -> dict[str, Any]:
    said = _SAID if stand is Stand.CHANGE else ""
    return {
        "order": order(status=OrderStatus.READY),
        "code": "FNJNQFKB4E",
        "standing": stand and Standing(stand, utcnow(), said),
        "may_ask": True,
        "closed": None,
        "under_way": False,  # here nothing would ever end it
        "letters": [_letter(state) for state in LetterState] if stand else [],
        **given,
    }


def _letter(state: LetterState) -> Letter:
    trouble = "550 No such mailbox" if state is LetterState.FAILED else None
    return Letter(
        id=uuid7(), kind=LetterKind.SHARE, recipient="anna@example.com", state=state,
        trouble=trouble, created_at=utcnow(), sent_at=None,
    )  # fmt: skip


def _message(**given: Any) -> dict[str, Any]:
    text = standard(LetterKind.SHARE, "en")
    form = MessageForm(formdata=None, kind="share", language="en", recipient="anna@example.com",
                       subject=text.subject, body=text.text)  # fmt: skip
    about = About("order", order_id=uuid7())
    action = f"/orders/{about.order_id}/tell"
    matter = Matter(about, client(), "2026-0042", "FNJNQFKB4E", Rules(), "/", action)
    shown = {"matter": matter, "form": form, "language": "en", "has_pin": True, "sends_mail": True}
    return {**shown, **given}


def _texts(**given: Any) -> dict[str, Any]:
    text = standard(LetterKind.SHARE, "en")
    shown = [Shown(kind, str(KINDS[kind]), True, text) for kind in LetterKind]
    about = {"form": TextsForm(), "language": "en", "languages": LANGUAGES, "shown": shown}
    return {**about, "theirs": None, **given}


SAMPLES: Mapping[str, Sample] = {
    "client-told-nothing": Sample("orders/show.html", "client_told", lambda: _told(None)),
    **{
        f"client-told-{stand.value}": Sample(
            "orders/show.html", "client_told", partial(_told, stand)
        )
        for stand in Stand
    },
    "tell-form": Sample("telling/form.html", "tell_form", _message),
    "tell-form-without-mail": Sample(
        "telling/form.html", "tell_form", lambda: _message(sends_mail=False, has_pin=False)
    ),
    "texts-form": Sample("studio/texts.html", "texts_form", _texts),
    "texts-form-conflict": Sample(
        "studio/texts.html",
        "texts_form",
        lambda: _texts(theirs=Texts({LetterKind.SHARE: Text("Hello", "Look: {link}")})),
    ),
    "texts-preview": Sample("studio/texts.html", "texts_preview", _texts),
}
