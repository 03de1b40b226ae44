"""Consent: who has agreed, when, and that what was before is remembered."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories import OLGA, make_client
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, ConsentBy
from vertex.services import clients, consents
from vertex.services.consents import Consent

pytestmark = pytest.mark.usefixtures("vertex_app")

TODAY = date(2026, 11, 27)
PARENT = Consent(ConsentBy.PARENT, date(2026, 11, 12), "Мария Семёнова")


def test_a_parents_consent_is_kept_with_day_and_name_and_recorded() -> None:
    client = make_client()
    typed = Consent(ConsentBy.PARENT, date(2026, 11, 12), "  Мария   Семёнова ")

    consents.change(client.id, typed, version=1, today=TODAY, actor=OLGA)

    assert consents.of_client(clients.get(client.id)) == PARENT
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action is AuditAction.CONSENT_CHANGED
    assert entry.details["after"] == {"by": "parent", "on": "2026-11-12", "name": "Мария Семёнова"}


def test_consent_taken_back_stays_in_the_record() -> None:
    client = make_client()
    consents.change(client.id, PARENT, version=1, today=TODAY, actor=OLGA)

    consents.change(client.id, Consent(), version=2, today=TODAY, actor=OLGA)

    assert consents.of_client(clients.get(client.id)) == Consent()
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last and last.details["before"]["name"] == "Мария Семёнова"


def test_what_is_saved_unchanged_is_no_change() -> None:
    client = make_client()
    consents.change(client.id, PARENT, version=1, today=TODAY, actor=OLGA)

    consents.change(client.id, PARENT, version=2, today=TODAY, actor=OLGA)

    assert clients.get(client.id).version == 2
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("consent", "code", "field"),
    [
        (Consent(ConsentBy.SELF), "consent_without_day", "consent_on"),
        (Consent(ConsentBy.SELF, date(2026, 11, 28)), "consent_in_future", "consent_on"),
        (Consent(ConsentBy.SELF, date(1899, 1, 1)), "consent_in_future", "consent_on"),
        (Consent(ConsentBy.PARENT, TODAY, " "), "consent_without_parent", "consent_name"),
        (Consent(ConsentBy.PARENT, TODAY, "M" * 121), "name_long", "consent_name"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    consent: Consent, code: str, field: str
) -> None:
    client = make_client()

    with pytest.raises(InvalidError) as refused:
        consents.change(client.id, consent, version=1, today=TODAY, actor=OLGA)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert consents.of_client(clients.get(client.id)) == Consent()


def test_who_comes_second_is_refused() -> None:
    client = make_client()
    consents.change(client.id, PARENT, version=1, today=TODAY, actor=OLGA)

    with pytest.raises(ConflictError, match="changed_meanwhile"):
        consents.change(client.id, Consent(), version=1, today=TODAY, actor=OLGA)

    assert consents.of_client(clients.get(client.id)) == PARENT
