"""`flask backups`: what is saved of this installation, and bringing it back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup

from vertex.runtime import runtime
from vertex.services import backups, erasure, sessions
from vertex.services.audit import CLI
from vertex.services.backup_folders import Backup, BackupError, BackupFolder

backups_cli = AppGroup("backups", help="Save this installation, and bring it back.")


@backups_cli.command("make")
def make() -> None:
    """Make a backup now, while the studio works; the server makes one a day."""
    with _troubles_as_sentences():
        backup = backups.make(runtime().settings, runtime().storage)
    click.echo(_line(backup))


@backups_cli.command("list")
def index() -> None:
    """Print the backups there are, oldest first."""
    for backup in BackupFolder(runtime().settings.backups).all():
        click.echo(_line(backup))


@backups_cli.command("verify")
@click.argument("name", default="last")
def verify(name: str) -> None:
    """Read all of a backup, the last one or that of a NAME; exit 1 if something is damaged."""
    folder = BackupFolder(runtime().settings.backups)
    with _troubles_as_sentences():
        backup = folder.get(name)
        found = list(folder.troubles(backup))
    for trouble in found:
        click.echo(trouble)
    if found:
        raise click.ClickException(f"{backup.name} is not as it should be.")
    click.echo(f"{backup.name} is whole.")


@backups_cli.command("restore")
@click.argument("name", default="last")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--with-erased", is_flag=True, help="Bring back who was erased since, too.")
def restore(name: str, yes: bool, with_erased: bool) -> None:
    """Bring back a backup, the last one or that of a NAME, in place of what is here now.

    Stop the server and its workers first. The database of now is kept as a backup of its own, and
    whoever was erased since is erased again.
    """
    settings, storage = runtime().settings, runtime().storage
    with _troubles_as_sentences():
        backup = BackupFolder(settings.backups).get(name)
        backups.judge(backup, settings, Path(current_app.extensions["migrate"].directory))
        if not yes:
            what = f"Replace this installation's database by that of {backup.name}?"
            click.confirm(what, abort=True)
        erased = _keep_what_is_here(backup)
        storage.initialise(settings.public_url)
        lost = 0
        for what, key in backups.restore(backup, settings, storage):
            click.echo(f"{what}  {key}")
            lost += what != "restored"
    flask_migrate.upgrade()
    sessions.end_everybodys()
    click.echo(f"{backup.name} is back. Everybody signs in again.")
    if not with_erased and (again := erasure.erase_again(erased, actor=CLI, storage=storage)):
        click.echo(f"{again} clients and portraits that were erased since are erased again.")
    if lost or backup.unsaved:
        raise click.ClickException(f"{lost + backup.unsaved} files are not in the backup.")


def _keep_what_is_here(backup: Backup) -> Sequence[str]:
    """Make a backup of the database of now; the clients and portraits erased after the other."""
    if not backups.is_begun():
        return ()
    kept = backups.make(runtime().settings, runtime().storage, files=False, prune=False)
    click.echo(f"The database of now is kept as {kept.name}.")
    return erasure.erased_since(backup.made_at)


def _line(backup: Backup) -> str:
    files = "the database alone" if backup.files is None else f"{backup.files} files"
    size = f"{backup.size / 1024**2:.1f} MB"
    unsaved = f", without {backup.unsaved} lost files" if backup.unsaved else ""
    return f"{backup.name}  {backup.database} {size}, {files}{unsaved}"


@contextmanager
def _troubles_as_sentences() -> Iterator[None]:
    try:
        yield
    except (BackupError, OSError) as error:
        raise click.ClickException(f"{error}") from None
