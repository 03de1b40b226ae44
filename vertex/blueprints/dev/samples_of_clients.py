"""Fragments of a client's consent and of merging, with things to show, stored nowhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from vertex.blueprints.clients.forms import ConsentForm
from vertex.blueprints.dev._parts import Sample, client
from vertex.models import Client, ConsentBy
from vertex.services import consents
from vertex.services.consents import Consent


def _consent(consent: Consent, **refused: str) -> dict[str, Any]:
    form = ConsentForm.showing(consent, 1)
    for name, sentence in refused.items():
        form[name].errors = [sentence]
    shown = client()
    consents.store(shown, consent)
    return {"client": shown, "consent": form}


def _refused() -> dict[str, Any]:
    return _consent(
        Consent(ConsentBy.PARENT, date(2026, 11, 12)),
        consent_name=_("Please enter the name of the parent who agreed."),
    )


def _found(*others: Client, typed: str = "") -> dict[str, Any]:
    return {"client": client(), "other": None, "found": others, "typed": typed}


SAMPLES: Mapping[str, Sample] = {
    "consent-form": Sample("clients/show.html", "consent_form", lambda: _consent(Consent())),
    "consent-form-parent": Sample(
        "clients/show.html",
        "consent_form",
        lambda: _consent(Consent(ConsentBy.PARENT, date(2026, 11, 12), "Мария Семёнова")),
    ),
    "consent-form-refused": Sample("clients/show.html", "consent_form", _refused),
    "merge-candidates": Sample(
        "clients/merge.html", "merge_candidates", lambda: _found(client(), client("Anna"))
    ),
    "merge-candidates-none": Sample(
        "clients/merge.html", "merge_candidates", lambda: _found(typed="nobody")
    ),
    "merge-candidates-unasked": Sample("clients/merge.html", "merge_candidates", _found),
}
