"""The page of a client, which several views answer with."""

from uuid import UUID

from vertex.blueprints.clients.forms import ConsentForm
from vertex.services import audit, clients, consents, merging, order_lists, portraits, visits
from vertex.web.htmx import render_page
from vertex.web.orders import about_orders


def client_page(client_id: UUID, consent: ConsentForm | None = None) -> str:
    """The page, or the part of it that is asked for."""
    client = clients.get(client_id)
    own = order_lists.of_client(client_id)
    return render_page(
        "clients/show.html",
        fragments=("consent_form",),
        client=client,
        consent=consent or ConsentForm.showing(consents.of_client(client), client.version),
        namesakes=merging.namesakes(client),
        orders=own,
        **about_orders(own),
        portraits=portraits.latest(client_id=client_id).portraits,
        visits=visits.of_client(client_id),
        unfound=False,
        events=audit.timeline(clients.subject_of(client_id)),
    )
