"""Messages to clients, and the request for their approval."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.telling._blueprint import bp
from vertex.blueprints.telling._matter import Matter, of_order, of_portrait
from vertex.blueprints.telling.forms import MessageForm
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.models import LetterKind
from vertex.runtime import runtime
from vertex.services import approvals, letters, pins, texts
from vertex.services.letters import Draft
from vertex.services.sealing import Seal
from vertex.web.auth import actor, me
from vertex.web.errors import status_of
from vertex.web.htmx import go_to, render_page
from vertex.web.letters import KINDS, LANGUAGES, text_of, words_of
from vertex.web.toasts import toast

_PIN = "{pin}"


@bp.get("/orders/<uuid:order_id>/tell")
def write_of_order(order_id: UUID) -> str:
    """Show a message about an order, to be sent, shared or copied."""
    return _write(of_order(order_id))


@bp.post("/orders/<uuid:order_id>/tell")
def tell_of_order(order_id: UUID) -> ResponseReturnValue:
    """Send it by e-mail."""
    return _send(of_order(order_id))


@bp.get("/portraits/<uuid:portrait_id>/tell")
def write_of_portrait(portrait_id: UUID) -> str:
    """Show a message about a portrait, to be sent, shared or copied."""
    return _write(of_portrait(portrait_id))


@bp.post("/portraits/<uuid:portrait_id>/tell")
def tell_of_portrait(portrait_id: UUID) -> ResponseReturnValue:
    """Send it by e-mail."""
    return _send(of_portrait(portrait_id))


@bp.post("/orders/<uuid:order_id>/approval/ask")
def ask(order_id: UUID) -> ResponseReturnValue:
    """Ask for the client's approval, and go on to the message that tells them so."""
    approvals.ask(order_id, actor=actor())
    toast(_("The order waits for your client's approval. Now tell them so."))
    kind = LetterKind.APPROVE.value
    return go_to(url_for("telling.write_of_order", order_id=order_id, kind=kind))


@bp.post("/orders/<uuid:order_id>/approval/withdraw")
def withdraw(order_id: UUID) -> ResponseReturnValue:
    """Wait no longer for the client's approval."""
    approvals.withdraw(order_id, actor=actor())
    toast(_("The order no longer waits for your client's approval."))
    return go_to(url_for("orders.show", order_id=order_id))


def _write(matter: Matter) -> str:
    kind, language = _asked(matter)
    text = text_of(kind, language)
    pin = _PIN if matter.rules.pin_hash else ""  # its place stays, until it is typed
    values = matter.values(kind, language, pin)
    form = MessageForm(
        formdata=None,
        kind=kind.value,
        language=language,
        recipient=matter.client.email or "",
        subject=texts.fill(text.subject, values),
        body=texts.fill(text.text, values),
    )
    return _page(matter, form, kind, language)


def _send(matter: Matter) -> ResponseReturnValue:
    kind, language = _asked(matter)
    form = MessageForm()
    try:
        pin = _typed_pin(form, matter)
        values = matter.values(kind, language, pin)
        subject, text = (texts.fill(form.text(name), values) for name in ("subject", "body"))
        words = words_of(kind, language, subject, text, matter.link(kind))
        tells_pin = bool(pin) and _PIN in form.text("body")
        settings = runtime().settings
        letter = letters.send(
            matter.about,
            Draft(kind, form.text("recipient"), words, tells_pin),
            sender_id=me().user_id,
            actor=actor(),
            settings=settings,
            seal=Seal(settings.own_secret()),
            queue=runtime().queue,
            submission=form.text("once"),
        )
    except (ConflictError, InvalidError) as error:
        if error.code == "sent_twice":
            raise
        form.refuse(error)
        return _page(matter, form, kind, language), status_of(error)
    toast(_("The e-mail to %(recipient)s is on its way.", recipient=letter.recipient))
    return go_to(matter.back)


def _typed_pin(form: MessageForm, matter: Matter) -> str:
    typed, pin = form.text("pin"), ""
    if typed and matter.rules.pin_hash is not None:
        pin = pins.confirmed(typed, matter.rules.pin_hash)
    for told in filter(None, (_PIN, pin)):
        if told in form.text("subject"):
            raise InvalidError("pin_in_subject", field="subject")
    return pin


def _asked(matter: Matter) -> tuple[LetterKind, str]:
    """What is told, in which language: the studio's unless another is chosen."""
    kind = request.values.get("kind", LetterKind.SHARE.value)
    language = request.values.get("language", runtime().settings.default_locale)
    if kind not in matter.kinds or language not in LANGUAGES:
        raise NotFoundError(kind="text", id=f"{kind} {language}"[:40])
    return LetterKind(kind), language


def _page(matter: Matter, form: MessageForm, kind: LetterKind, language: str) -> str:
    form.draw()
    settings = runtime().settings
    return render_page(
        "telling/form.html",
        fragments=("tell_form",),
        matter=matter,
        form=form,
        kind=kind,
        language=language,
        kinds=[(name, KINDS[name]) for name in matter.kinds],
        languages=LANGUAGES,
        has_pin=matter.rules.pin_hash is not None,
        link=matter.link(kind),
        sends_mail=settings.sends_mail,
        only_here=settings.only_here,
        letters=letters.latest(matter.about),
    )
