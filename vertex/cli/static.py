"""`flask static`: what browsers fetch beside the pages."""

import shutil
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from vertex.web import packing
from vertex.web.compression import is_worth_it, source_of
from vertex.web.static import FOLDER, release_of_now

static_cli = AppGroup("static", help="What browsers fetch beside the pages.")


@static_cli.command()
def compress() -> None:
    """Compress the static files of this release as far as can be, once; older ones are removed."""
    folder = Path(current_app.instance_path) / "static"
    target = folder / release_of_now()
    files = [path for path in sorted(FOLDER.rglob("*")) if path.is_file() and is_worth_it(path)]
    # the server may have begun with some
    made = sum(_compress(path, target / path.relative_to(FOLDER)) for path in files)
    for other in folder.iterdir():
        if other != target:
            shutil.rmtree(other)
    if not made:
        click.echo("They are compressed already.")
        return
    before = sum(path.stat().st_size for path in files)
    after = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    click.echo(f"{len(files)} files: {before // 1000} kB, and {after // 1000} kB in both codings.")


def _compress(path: Path, place: Path) -> int:
    """Store a file in the encodings in which it is not there yet; how many those were."""
    made = 0
    for encoding, ending in packing.ENDINGS.items():
        stored = place.with_name(place.name + ending)
        if not stored.is_file():
            packing.write(packing.pack(source_of(path), encoding), stored)
            made += 1
    return made
