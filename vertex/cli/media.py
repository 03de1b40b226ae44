"""`flask media`: where files are kept and how they are sent."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import click
from flask import current_app
from flask.cli import AppGroup

from vertex.models import utcnow
from vertex.runtime import runtime, storage_of
from vertex.services import media_files, nginx

media_cli = AppGroup("media", help="Stored files: the store, its health, and how they are sent.")


@media_cli.command("init")
def init() -> None:
    """Make the store ready: the bucket with its versions and rules, or the folder."""
    collaborators = runtime()
    collaborators.storage.initialise(collaborators.settings.public_url)
    click.echo("The store is ready.")


@media_cli.command("nginx")
@click.option("--listen", default="80", show_default=True, help="Address and port, or port.")
@click.option("--port", default=8000, show_default=True, help="Where Vertex serves.")
def print_nginx(listen: str, port: int) -> None:
    """Print the configuration of nginx for this installation."""
    collaborators = runtime()
    folder = Path(current_app.root_path).parent / "deploy" / "nginx"
    settings, storage = collaborators.settings, collaborators.storage
    click.echo(nginx.configuration(settings, storage, folder, listen=listen, port=port))


@media_cli.command("usage")
def show_usage() -> None:
    """Print how much is stored, and how much room is left."""
    storage = runtime().storage
    for found in media_files.usage(storage):
        click.echo(f"{found.area:<10} {found.files:>8} files {_megabytes(found.size):>12}")
    free = storage.free_bytes()
    click.echo(
        "free       " + ("as much as the bucket takes" if free is None else _megabytes(free))
    )


@media_cli.command("verify")
def verify() -> None:
    """Read every stored file; exit 1 if one is damaged or missing."""
    count = 0
    for trouble in media_files.verify(runtime().storage):
        count += 1
        click.echo(f"{trouble.kind}  {trouble.key}")
    if count:
        raise click.ClickException(f"{count} files are not as they should be.")
    click.echo("All files are there and whole.")


@media_cli.command("sweep")
@click.option("--delete", is_flag=True, help="Remove them; without it they are only named.")
@click.option("--older-than", "days", default=1.0, show_default=True, help="In days; at least 1.")
def sweep(delete: bool, days: float) -> None:
    """Find files that nothing names any more, and drafts that a crash has left."""
    collaborators, now = runtime(), utcnow()
    storage, settings = collaborators.storage, collaborators.settings
    found = media_files.orphans(storage, now, older=timedelta(days=days))
    folders = (settings.temporary_files, settings.unfinished_uploads)
    drafts = media_files.stale_drafts(folders, now)
    for file in found:
        click.echo(f"orphan  {file.key}  {_megabytes(file.size)}")
    many = (media_files.remove_orphans(found, storage) if delete else len(found)) + len(drafts)
    for path in drafts:
        click.echo(f"draft  {path.name}")
        if delete:
            media_files.remove_draft(path)
    click.echo(
        f"{'Removed' if delete else 'Found'} {many}." if many else "There is nothing to sweep."
    )


@media_cli.command("migrate")
@click.option("--to", "kind", type=click.Choice(["local", "s3"]), required=True)
def migrate(kind: Literal["local", "s3"]) -> None:
    """Copy every file to the other store while the system runs; safe to run again.

    When it says that nothing is left, set VERTEX_STORAGE, restart, and run it once more for what
    came in between.
    """
    settings = runtime().settings
    source, target = storage_of("local" if kind == "s3" else "s3"), storage_of(kind)
    target.initialise(settings.public_url)
    troubles = 0
    while True:
        copied = 0
        for what, key in media_files.copy_all(source, target):
            click.echo(f"{what}  {key}")
            copied += what == "copied"
            troubles += what != "copied"
        if not copied or troubles:
            break
    if troubles:
        raise click.ClickException(f"{troubles} files could not be copied.")
    click.echo("Nothing is left to copy.")
    if settings.storage != kind:
        click.echo(f"Now set VERTEX_STORAGE={kind}, restart, and run this once more.")


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"
