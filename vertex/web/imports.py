"""Imports in words, and with the collaborators of this app."""

from flask_babel import gettext as _

from vertex.errors import DomainError
from vertex.models import ImportRow
from vertex.runtime import runtime
from vertex.services.import_runs import Tools
from vertex.services.intake import Limits
from vertex.web.messages import explain


def tools() -> Tools:
    """What rows are carried out with here."""
    settings = runtime().settings
    limits = Limits(settings.max_image_bytes, settings.max_image_pixels, settings.max_video_bytes)
    return Tools(runtime().storage, runtime().queue, limits, settings.imports)


def trouble(row: ImportRow) -> str:
    """What is wrong with a row, nothing if it is fine."""
    return explain(DomainError(row.code, **row.params)) if row.code else ""


def makes(row: ImportRow) -> str:
    """What a row would make, or has made."""
    words = {
        "client": _("New client"),
        "order": _("New order"),
        "portrait": _("Portrait"),
    }
    return ", ".join(str(words[one]) for one in row.content.get("makes", ()))
