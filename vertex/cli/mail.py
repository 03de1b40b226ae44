"""`flask mail`: whether e-mail leaves this installation."""

import click
from flask.cli import AppGroup

from vertex.cli._refusals import refusals_as_sentences
from vertex.runtime import runtime
from vertex.services import letters

mail_cli = AppGroup("mail", help="Look after the way of e-mail.")


@mail_cli.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send an e-mail that says it is a test to ADDRESS, at once."""
    settings = runtime().settings
    with refusals_as_sentences():
        letters.send_test(address, settings=settings)
    click.echo(f"{settings.smtp_host} has taken the e-mail to {address}.")
