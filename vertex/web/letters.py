"""What clients are told: ours or the studio's words, in the language that was chosen."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from vertex.mail import Words
from vertex.models import LetterKind
from vertex.services import texts
from vertex.services.texts import Text
from vertex.web import qr
from vertex.web.locale import LOCALES
from vertex.web.studio import face

LANGUAGES: Mapping[str, str] = dict(zip(LOCALES, ("English", "Русский"), strict=True))
KINDS: Mapping[LetterKind, LazyString] = {
    LetterKind.SHARE: _("Send the link"),
    LetterKind.APPROVE: _("Ask for approval"),
}

_SUBJECTS: Mapping[LetterKind, LazyString] = {
    LetterKind.SHARE: _("{studio}: your photograph comes alive"),
    LetterKind.APPROVE: _("{studio}: please look at your portraits before they are printed"),
}
_TEXTS: Mapping[LetterKind, LazyString] = {
    LetterKind.SHARE: _(
        "Hello {client},\n\n"
        "your photograph comes alive in the camera of a phone. Open this page and point the phone "
        "at the print:\n{link}\n\n"
        "PIN: {pin}\n"
        "Your order: {order}\n\n"
        "{studio}"
    ),
    LetterKind.APPROVE: _(
        "Hello {client},\n\n"
        "your portraits are ready to be looked at. Please approve them, or write to us what should "
        "be changed. Nothing is printed before:\n{link}\n\n"
        "PIN: {pin}\n"
        "Your order: {order}\n\n"
        "{studio}"
    ),
}
_BUTTONS: Mapping[LetterKind, LazyString] = {
    LetterKind.SHARE: _("Open the page"),
    LetterKind.APPROVE: _("Look and answer"),
}


def standard(kind: LetterKind, language: str) -> Text:
    """Our own text for this."""
    with force_locale(language):
        return Text(str(_SUBJECTS[kind]), str(_TEXTS[kind]))


def text_of(kind: LetterKind, language: str) -> Text:
    """The studio's text for this, or ours."""
    return texts.get(language).own.get(kind) or standard(kind, language)


def studio_name(language: str) -> str:
    """The studio's name, or a word for it where none is set."""
    with force_locale(language):
        return face().name or str(gettext("Your photo studio"))


def words_of(kind: LetterKind, language: str, subject: str, text: str, link: str) -> Words:
    """The whole of an e-mail: with the code to be scanned where it opens the camera's page."""
    colours = face().light
    look: dict[str, Any] = {"accent": colours.accent, "ink": colours.ink} if colours else {}
    with force_locale(language):
        shared = kind is LetterKind.SHARE
        return Words(
            subject=subject,
            text=text,
            language=language,
            link=link,
            button=str(_BUTTONS[kind]),
            studio=face().name,
            qr=qr.png(link) if shared else None,
            qr_text=str(gettext("Scan this with a phone to open the same page.")),
            **look,
        )
