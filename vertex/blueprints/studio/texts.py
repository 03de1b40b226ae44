"""The studio's own words for what it tells its clients."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from vertex.blueprints.studio.forms import TextsForm
from vertex.blueprints.studio.routes import bp
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.models import LetterKind
from vertex.runtime import runtime
from vertex.services import texts
from vertex.services.texts import Text, Texts, field_of
from vertex.web.auth import actor
from vertex.web.htmx import go_to, render_page
from vertex.web.letters import KINDS, LANGUAGES, standard, studio_name, text_of
from vertex.web.toasts import toast

_PARTS = ("subject", "text")


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of message as the page shows it: what it is called, and whose words they are."""

    kind: LetterKind
    title: str
    is_own: bool
    preview: Text


@bp.get("/texts")
def show_texts() -> str:
    """Show the texts of one language; the preview alone shows what is being typed."""
    language = _language()
    form = TextsForm(formdata=None, **_stored(language))
    for name in form.names:
        form[name].data = request.args.get(name, form.text(name))
    return _page(form, language)


@bp.post("/texts")
def save_texts() -> ResponseReturnValue:
    """Save the texts of one language; who comes second is shown both."""
    form, language = TextsForm(), _language()
    if not _complete(form):
        return _page(form, language), 422
    typed = {kind: _typed(form, kind) for kind in LetterKind}
    # what is still ours word for word goes on changing with ours
    own = {kind: text for kind, text in typed.items() if text != standard(kind, language)}
    try:
        texts.change(language, own, version=form.version.data or 0, actor=actor())
    except ConflictError:
        theirs = texts.get(language)
        form.version.data, form.version.raw_data = theirs.version, None
        return _page(form, language, theirs), 409
    toast(_("Saved."))
    return go_to(url_for(".show_texts", language=language))


@bp.post("/texts/<kind>/reset")
def reset_text(kind: str) -> ResponseReturnValue:
    """Go back to our words for one kind of message."""
    if kind not in list(LetterKind):
        raise NotFoundError(kind="text", id=kind[:40])
    texts.reset(_language(), LetterKind(kind), actor=actor())
    toast(_("It is our text again."))
    return go_to(url_for(".show_texts", language=_language()))


def _page(form: TextsForm, language: str, theirs: Texts | None = None) -> str:
    own = texts.get(language).own
    return render_page(
        "studio/texts.html",
        fragments=("texts_form", "texts_preview"),
        form=form,
        language=language,
        languages=LANGUAGES,
        theirs=theirs,
        shown=[
            Shown(kind, str(KINDS[kind]), kind in own, _preview(form, kind, language))
            for kind in LetterKind
        ],
    )


def _preview(form: TextsForm, kind: LetterKind, language: str) -> Text:
    """What a client would read, of an order that there is not."""
    with force_locale(language):
        client = str(_("Anna Peters"))
    page = f"{runtime().settings.public_url}/v/FNJNQFKB4E"
    values = {
        "client": client,
        "studio": studio_name(language),
        "link": f"{page}/order" if kind is LetterKind.APPROVE else page,
        "pin": "4711",
        "order": "2026-0042",
    }
    return Text(*(texts.fill(form.text(field_of(kind, part)), values) for part in _PARTS))


def _typed(form: TextsForm, kind: LetterKind) -> Text:
    return Text(*(texts.judge(kind, part, form.text(field_of(kind, part))) for part in _PARTS))


def _complete(form: TextsForm) -> bool:
    """Whether the form may be carried out; if not, all that is wrong is told at once."""
    complete = bool(form.validate())
    for kind in LetterKind:
        for part in _PARTS:
            try:
                texts.judge(kind, part, form.text(field_of(kind, part)))
            except InvalidError as error:
                form.refuse(error)
                complete = False
    return complete


def _stored(language: str) -> dict[str, object]:
    found: dict[str, object] = {"version": texts.get(language).version}
    for kind in LetterKind:
        text = text_of(kind, language)
        found[field_of(kind, "subject")] = text.subject
        found[field_of(kind, "text")] = text.text
    return found


def _language() -> str:
    asked = request.values.get("language", runtime().settings.default_locale)
    if asked not in LANGUAGES:
        raise NotFoundError(kind="language", id=asked[:40])
    return asked
