"""`flask doctor`: whether this installation is sound."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from vertex.runtime import runtime
from vertex.services import doctor as examination
from vertex.services.doctor import Level


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at everything the program stands on; exit 1 if something must be mended."""
    migrations = Path(current_app.extensions["migrate"].directory)
    failed = False
    for finding in examination.examine(runtime().settings, runtime().storage, migrations):
        click.echo(f"{finding.level:<4}  {finding.subject}: {finding.text}")
        failed = failed or finding.level is Level.FAIL
    if failed:
        raise click.exceptions.Exit(1)
