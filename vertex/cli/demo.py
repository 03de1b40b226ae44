"""`flask demo`: something to look at in an empty installation."""

from uuid import UUID

import click
import qrcode
from flask import Flask, current_app
from flask.cli import with_appcontext

from vertex.cli._refusals import refusals_as_sentences
from vertex.jobs import run_until_done
from vertex.models import Recognisable
from vertex.runtime import runtime
from vertex.services import demo as service
from vertex.services import portraits
from vertex.services.audit import CLI
from vertex.services.proofs import PROOF_JOB


@click.command("demo")
@click.option("--qr", is_flag=True, help="Also draw the address as a QR code, for a phone.")
@with_appcontext
def demo(qr: bool) -> None:
    """Fill an empty installation with a drawn portrait and its film; safe to run again."""
    with refusals_as_sentences():
        filled = service.fill(actor=CLI, storage=runtime().storage)
    if filled is None:
        click.echo("This installation is in use already: the demo was not added.")
        return
    # before anything that may fail: nobody can be told this password later
    click.echo(_login(filled.password))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not _recognisable(app, filled.portrait_id):
        raise click.ClickException("The demo's marker could not be made: see `flask jobs list`.")
    url = f"{runtime().settings.public_url}/v/{filled.code}"
    if qr:
        _draw(url)
    click.echo(f"Customer's page: {url}")


def _recognisable(app: Flask, portrait_id: UUID) -> bool:
    """Wait for marker and film, whoever makes them, and tell whether there is a marker."""
    run_until_done(app, portraits.subject_of(portrait_id), but=(PROOF_JOB,))
    with app.app_context():  # a session of its own: ours read the row before it was changed
        return portraits.get(portrait_id).recognisable is Recognisable.YES


def _draw(url: str) -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(url)
    code.print_ascii(invert=True)


def _login(password: str | None) -> str:
    if password is None:
        return "Login: with the accounts there are; `flask users create` adds one."
    return f"Login: {service.USERNAME}  password: {password}  (shown only this once)"
