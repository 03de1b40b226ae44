"""Commands about orders."""

from pathlib import Path

import click
from flask.cli import AppGroup

from vertex.cli._exporting import export, with_options
from vertex.cli._refusals import refusals_as_sentences
from vertex.services import orders

orders_cli = AppGroup("orders", help="Orders and their albums.")


@orders_cli.command("export")
@click.argument("number")
@with_options
def export_order(number: str, folder: Path, force: bool, lang: str | None) -> None:
    """Write the album of order NUMBER as a folder that plays from any web server."""
    with refusals_as_sentences():
        order = orders.get_by_number(number)
        code = orders.album_code(order.id)
    export(code, f"order:{order.id}", folder, force=force, lang=lang)
