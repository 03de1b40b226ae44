"""Consent: that a portrait may be kept and shown, given by the client or by a child's parent."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vertex.errors import ConflictError, InvalidError
from vertex.models import AuditAction, Client, ConsentBy
from vertex.models.folding import without_nul
from vertex.services import audit, clients
from vertex.services._transaction import atomic
from vertex.services.audit import Actor

_EARLIEST = date(1900, 1, 1)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Consent:
    """Who has agreed, when, and the parent's name; `by` is None if nobody has."""

    by: ConsentBy | None = None
    on: date | None = None
    name: str = ""

    def cleaned(self, today: date) -> "Consent":
        """Return the same in the form that is stored, or raise InvalidError."""
        if self.by is None:
            return Consent()
        if self.on is None:
            raise InvalidError("consent_without_day", field="consent_on")
        if not _EARLIEST <= self.on <= today:
            raise InvalidError("consent_in_future", field="consent_on")
        if self.by is ConsentBy.SELF:
            return Consent(self.by, self.on)
        name = " ".join(without_nul(self.name).split())
        if not name:
            raise InvalidError("consent_without_parent", field="consent_name")
        if len(name) > _LONGEST_NAME:
            raise InvalidError("name_long", field="consent_name", limit=_LONGEST_NAME)
        return Consent(self.by, self.on, name)


def of_client(client: Client) -> Consent:
    """Return what is known of a client's consent."""
    return Consent(client.consent_by, client.consent_on, client.consent_name or "")


def change(client_id: UUID, consent: Consent, *, version: int, today: date, actor: Actor) -> Client:
    """Return the client with this consent; who has agreed before stays in the audit log."""
    consent = consent.cleaned(today)
    with atomic():
        client = clients.hold(client_id)
        if client.version != version:
            raise ConflictError("changed_meanwhile")
        if of_client(client) != consent:
            before = _as_details(of_client(client))
            store(client, consent)
            client.version += 1
            told = {"before": before, "after": _as_details(consent)}
            audit.record(actor, AuditAction.CONSENT_CHANGED, clients.subject_of(client_id), told)
    return client


def store(client: Client, consent: Consent) -> None:
    """Put a consent into a client's row."""
    client.consent_by, client.consent_on = consent.by, consent.on
    client.consent_name = consent.name or None


def _as_details(consent: Consent) -> dict[str, str]:
    on = consent.on.isoformat() if consent.on else ""
    return {"by": consent.by.value if consent.by else "", "on": on, "name": consent.name}
