"""`flask backups`: what is saved of this installation, and bringing it back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup

from vertex.runtime import runtime
from vertex.services import backups, erasure
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
@click.option("--mend", is_flag=True, help="Remove damaged files: `make` copies them again.")
def verify(name: str, mend: bool) -> None:
    """Read all of a backup, the last one or that of a NAME; exit 1 if something is damaged."""
    folder = BackupFolder(runtime().settings.backups)
    with _troubles_as_sentences():
        backup = folder.get(name)
        found = 0
        for trouble in folder.troubles(backup, mend=mend):
            click.echo(trouble)
            found += 1
    if found or backup.unsaved:
        lacking = f", and without {backup.unsaved} lost files" if backup.unsaved else ""
        raise click.ClickException(f"{backup.name} is not as it should be: {found} faults{lacking}")
    click.echo(f"{backup.name} is whole.")


@backups_cli.command("restore")
@click.argument("name", default="last")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--with-erased", is_flag=True, help="Bring back who was erased since, too.")
def restore(name: str, yes: bool, with_erased: bool) -> None:
    """Bring back a backup, the last one or that of a NAME, in place of what is here now.

    Stop the server and its workers first. What is here now is kept as a backup of its own, and
    whoever was erased since is erased again.
    """
    settings, storage = runtime().settings, runtime().storage
    folder = BackupFolder(settings.backups)
    with _troubles_as_sentences():
        backup = folder.get(name)
        backups.judge(backup, settings, Path(current_app.extensions["migrate"].directory))
        if not yes:
            what = f"Replace this installation's database by that of {backup.name}?"
            click.confirm(what, abort=True)
        _keep_what_is_here(backup, folder)
        storage.initialise(settings.public_url)
        lost = 0
        for what, key in backups.restore(backup, settings, storage):
            click.echo(f"{what}  {key}")
            lost += what != "restored"
    flask_migrate.upgrade()
    click.echo(f"{backup.name} is back. Everybody signs in again.")
    if not with_erased:
        _erase_again(folder.erased())
    folder.forget_erased()
    if lost or backup.unsaved:
        raise click.ClickException(f"{lost + backup.unsaved} files are not in the backup.")


def _keep_what_is_here(backup: Backup, folder: BackupFolder) -> None:
    """Make a backup of what is here, and note who was erased after the other one."""
    if not backups.is_begun():
        return
    try:
        kept = backups.make(runtime().settings, runtime().storage, replaced=True)
    except BackupError as error:
        trouble = f"what is here now cannot be kept ({error}): move it away first"
        raise BackupError(trouble) from None
    click.echo(f"What is here now is kept as {kept.name}.")
    folder.note_erased(erasure.erased_since(backup.made_at))


def _erase_again(subjects: Sequence[str]) -> None:
    count, spared = erasure.erase_again(subjects, actor=CLI, storage=runtime().storage)
    if count:
        click.echo(f"{count} clients and portraits that were erased since are erased again.")
    for subject in spared:
        click.echo(f"{subject} was erased since, but not all that is theirs here: look at it.")


def _line(backup: Backup) -> str:
    files = "the database alone" if backup.files is None else f"{backup.files} files"
    size = f"{backup.size / 1024**2:.1f} MB"
    unsaved = f", without {backup.unsaved} lost files" if backup.unsaved else ""
    replaced = ", replaced by a restore" if backup.replaced else ""
    return f"{backup.name}  {backup.database} {size}, {files}{unsaved}{replaced}"


@contextmanager
def _troubles_as_sentences() -> Iterator[None]:
    try:
        yield
    except (BackupError, OSError) as error:
        raise click.ClickException(f"{error}") from None
