"""Commands about clients."""

from uuid import UUID

import click
from flask.cli import AppGroup

from vertex.cli._refusals import refusals_as_sentences
from vertex.errors import NotFoundError
from vertex.models import Client
from vertex.runtime import runtime
from vertex.services import clients, erasure
from vertex.services.audit import CLI

clients_cli = AppGroup("clients", help="Clients of the studio.")


@clients_cli.command("erase")
@click.argument("client")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(client: str, yes: bool) -> None:
    """Erase CLIENT, by phone or id, with all portraits, videos and orders, and every file."""
    with refusals_as_sentences():
        found = _find(client)
        name, client_id = found.name, found.id
        if not yes:
            question = f"Erase {name} with everything that was made for them, for good?"
            click.confirm(question, abort=True)
        erasure.erase_client(client_id, actor=CLI, storage=runtime().storage)
    click.echo(f"{name} is erased. Their printed codes say that the studio has removed it.")


def _find(client: str) -> Client:
    try:
        return clients.get_even_binned(UUID(client))
    except ValueError:
        found = clients.find_by_phone(client)
    if found is None:
        raise NotFoundError(kind="client", id=client)
    return found
